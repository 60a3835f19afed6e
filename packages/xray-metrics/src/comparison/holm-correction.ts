import { InvalidArgumentError } from 'xray-core';

/**
 * Adjusts the p-values of several comparisons so that calling those below α significant is wrong about any of them with
 * a chance of at most α, whatever their dependence: Holm's step-down method, which is never weaker than Bonferroni's.
 *
 * @param pValues - In `[0, 1]`, in any order.
 * @returns Adjusted p-values in the same order, in `[0, 1]`.
 * @throws {InvalidArgumentError} If a p-value is not in `[0, 1]`.
 *
 * @see Holm 1979, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 65-70
 *
 * @example
 * holmCorrection([0.01, 0.04, 0.03]); // [0.03, 0.06, 0.06]
 */
export function holmCorrection(pValues: ArrayLike<number>): number[] {
  for (let index = 0; index < pValues.length; index++) {
    const received = pValues[index]!;
    if (received >= 0 && received <= 1) continue;
    throw new InvalidArgumentError({
      argument: `pValues[${index}]`,
      expected: 'a number in [0, 1]',
      received,
    });
  }
  const order = Array.from(pValues, (_, index) => index).sort(
    (left, right) => pValues[left]! - pValues[right]!,
  );
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[index]!));
    adjusted[index] = largest;
  });
  return adjusted;
}
