/** @internal Pearson's correlation of two images; 0 if one is flat. */
export function correlate(first: Uint8Array, second: Uint8Array): number {
  const count = first.length;
  let [sumFirst, sumSecond, squaresFirst, squaresSecond, products] = [0, 0, 0, 0, 0];
  for (let at = 0; at < count; at++) {
    const [one, other] = [first[at]!, second[at]!];
    sumFirst += one;
    sumSecond += other;
    squaresFirst += one * one;
    squaresSecond += other * other;
    products += one * other;
  }
  const spread = (count * squaresFirst - sumFirst ** 2) * (count * squaresSecond - sumSecond ** 2);
  return spread === 0 ? 0 : (count * products - sumFirst * sumSecond) / Math.sqrt(spread);
}
