import type { Random } from 'xray-core';

/** Draws from Beta(alpha, alpha), in `[0, 1]`, as a ratio of two gamma variates. */
export function drawBeta(random: Random, alpha: number): number {
  const [first, second] = [drawLogGamma(random, alpha), drawLogGamma(random, alpha)];
  return 1 / (1 + Math.exp(second - first));
}

/**
 * Logarithm of a gamma variate: for a small shape the variate itself is often too small for a number.
 *
 * @see Marsaglia & Tsang, A simple method for generating gamma variables, doi:10.1145/358407.358414
 */
function drawLogGamma(random: Random, shape: number): number {
  if (shape < 1) return drawLogGamma(random, shape + 1) + Math.log(1 - random.uniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v)) {
      return Math.log(d * v);
    }
  }
}
