/** @internal `numerator / denominator`, `null` for 0/0: undefined, not zero. */
export function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : numerator / denominator;
}
