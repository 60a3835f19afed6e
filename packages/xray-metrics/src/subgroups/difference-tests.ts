import type { NormalEstimate } from 'xray-core';
import { chiSquaredSurvival } from '../statistics/distributions.js';
import type { EffectiveCounts } from './effective-counts.js';

/** Whether a number differs between groups. */
export interface DifferenceTest {
  /** Chi-squared distributed if the groups do not differ. */
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** In `[0, 1]`. */
  readonly pValue: number;
}

/**
 * @internal Pearson's chi-squared test of equal shares, without correction. `null` with fewer than two groups that have
 * trials, or where all or none are hits.
 */
export function testShares(groups: readonly EffectiveCounts[]): DifferenceTest | null {
  const present = groups.filter(({ trials }) => trials > 0);
  const trials = present.reduce((sum, group) => sum + group.trials, 0);
  const hits = present.reduce((sum, group) => sum + group.hits, 0);
  const share = hits / trials;
  if (present.length < 2 || hits <= 0 || hits >= trials) return null;
  const statistic = present.reduce(
    (sum, group) => sum + (group.hits - share * group.trials) ** 2 / (group.trials * share * (1 - share)),
    0,
  );
  return decide(statistic, present.length);
}

/**
 * @internal Cochran's test of equal estimates: squared distances from their mean, both weighted by the inverse variances.
 * `null` with fewer than two groups, or where one has no standard error and leaving it out would hide it.
 */
export function testEstimates(groups: readonly (NormalEstimate | null)[]): DifferenceTest | null {
  const present = groups.filter((group) => group !== null);
  if (present.length < 2 || present.some(({ standardError }) => standardError === null)) return null;
  const weights = present.map(({ standardError }) => 1 / standardError! ** 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = present.reduce((sum, { value }, group) => sum + weights[group]! * value, 0) / total;
  const statistic = present.reduce((sum, { value }, group) => sum + weights[group]! * (value - mean) ** 2, 0);
  return decide(statistic, present.length);
}

function decide(statistic: number, groups: number): DifferenceTest {
  const degreesOfFreedom = groups - 1;
  return { statistic, degreesOfFreedom, pValue: chiSquaredSurvival(statistic, degreesOfFreedom) };
}
