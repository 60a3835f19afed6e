/**
 * @internal ln(p / (1 - p)) with p clipped to `[ε, 1 - ε]` as `logLoss` clips it: 2⁻²³, the rounding unit of the float32
 * probabilities that models give.
 */
export function logit(probability: number): number {
  const epsilon = 2 ** -23;
  const clipped = Math.min(Math.max(probability, epsilon), 1 - epsilon);
  return Math.log(clipped) - Math.log1p(-clipped);
}

/** @internal 1 / (1 + exp(-x)) without overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const power = Math.exp(x);
  return power / (1 + power);
}
