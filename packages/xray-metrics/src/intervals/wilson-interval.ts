import type { Interval } from 'xray-core';
import { type ConfidenceOptions, tailOf } from '../checks/check-options.js';
import { normalQuantile } from '../statistics/distributions.js';
import { checkCounts } from './check-counts.js';

/**
 * Computes Wilson's score interval of a proportion: close to its nominal coverage on average, also for few trials and
 * extreme shares, and never outside `[0, 1]`. Trials have to be independent; for several images of a patient, resample
 * patients instead (`bootstrapInterval`).
 *
 * @param successes - In `[0, trials]`; need not be whole, so that counts corrected for clusters work.
 * @param trials - Above 0.
 * @returns `[low, high]`
 * @throws {InvalidArgumentError} If a count or the confidence level is out of range.
 *
 * @see Wilson 1927, doi:10.1080/01621459.1927.10502953
 *
 * @example
 * wilsonInterval(45, 50); // [0.786..., 0.956...]
 */
export function wilsonInterval(successes: number, trials: number, options: ConfidenceOptions = {}): Interval {
  const z = -normalQuantile(tailOf(options));
  checkCounts(successes, trials);
  const share = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const center = (share + z ** 2 / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  // Rounding would leave about 1e-17 instead of the exact 0 and 1.
  return [successes === 0 ? 0 : Math.max(0, center - half), share === 1 ? 1 : Math.min(1, center + half)];
}
