import { type Interval, InvalidArgumentError } from 'xray-core';
import { type ConfidenceOptions, tailOf } from '../checks/check-options.js';
import { betaQuantile } from '../statistics/distributions.js';
import { checkCounts } from './check-counts.js';

/**
 * Computes the exact binomial interval of a proportion. It covers the truth at least as often as it says, and for that
 * is wider than Wilson's; regulators like to see it. Trials have to be independent.
 *
 * @param successes - Whole number in `[0, trials]`.
 * @param trials - Whole number above 0.
 * @returns `[low, high]`
 * @throws {InvalidArgumentError} If a count is not whole or out of range, or the confidence level is.
 *
 * @see Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404
 *
 * @example
 * clopperPearsonInterval(50, 50); // [0.928..., 1]
 */
export function clopperPearsonInterval(
  successes: number,
  trials: number,
  options: ConfidenceOptions = {},
): Interval {
  const tail = tailOf(options);
  checkCounts(successes, trials);
  for (const [argument, received] of Object.entries({ successes, trials })) {
    if (Number.isSafeInteger(received)) continue;
    throw new InvalidArgumentError({
      argument,
      expected: 'a whole number',
      received,
      fix: '`wilsonInterval` takes fractions, too.',
    });
  }
  return [
    successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1),
    successes === trials ? 1 : betaQuantile(1 - tail, successes + 1, trials - successes),
  ];
}
