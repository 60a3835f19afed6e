/** @internal Mean of the values, image `i` counted `weights[i]` times. `null` if all weights are zero. */
export function mean(values: ArrayLike<number>, weights?: ArrayLike<number>): number | null {
  let sum = 0;
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    const weight = weights === undefined ? 1 : weights[index]!;
    sum += weight * values[index]!;
    count += weight;
  }
  return count === 0 ? null : sum / count;
}
