import { regularizedBeta } from './beta.js';
import { upperGamma } from './gamma.js';

/** @internal P(Z > z) of a standard normal variable. */
export function normalSurvival(z: number): number {
  const tail = upperGamma(0.5, (z * z) / 2) / 2;
  return z >= 0 ? tail : 1 - tail;
}

/** @internal P(Z <= z) of a standard normal variable. */
export const normalCdf = (z: number): number => normalSurvival(-z);

/** @internal The z with P(Z <= z) = `share`, for shares in `[0, 1]`. */
export function normalQuantile(share: number): number {
  if (share <= 0) return -Infinity;
  if (share >= 1) return Infinity;
  if (share === 0.5) return 0;
  if (share > 0.5) return -normalQuantile(1 - share);
  return solveIncreasing(normalCdf, share, -40, 0);
}

/** @internal P(|Z| >= |z|): the two-sided p-value of a standard normal statistic. */
export const twoSidedNormal = (z: number): number => Math.min(1, 2 * normalSurvival(Math.abs(z)));

/** @internal P(X >= statistic) of a chi-squared variable. */
export function chiSquaredSurvival(statistic: number, degreesOfFreedom: number): number {
  return upperGamma(degreesOfFreedom / 2, statistic / 2);
}

/** @internal The x with I_x(a, b) = `share`. */
export function betaQuantile(share: number, a: number, b: number): number {
  return solveIncreasing((x) => regularizedBeta(x, a, b), share, 0, 1);
}

/** @internal P(X <= `successes`) of a binomial variable. */
export function binomialCdf(successes: number, trials: number, chance: number): number {
  if (successes >= trials) return 1;
  return regularizedBeta(1 - chance, trials - successes, successes + 1);
}

/** Halves the bracket until neighbouring doubles remain. */
function solveIncreasing(f: (x: number) => number, target: number, from: number, to: number): number {
  let low = from;
  let high = to;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (f(middle) < target) low = middle;
    else high = middle;
  }
}
