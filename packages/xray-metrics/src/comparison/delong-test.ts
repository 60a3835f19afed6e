import type { Interval } from 'xray-core';
import { tailOf } from '../checks/check-options.js';
import { checkScores } from '../checks/check-scores.js';
import { delongCovariance } from '../discrimination/delong-covariance.js';
import type { DelongOptions } from '../discrimination/delong-interval.js';
import { placementsOf } from '../discrimination/placements.js';
import { sortScores } from '../discrimination/sorted-scores.js';
import { checkClusters } from '../intervals/clusters.js';
import { normalQuantile, twoSidedNormal } from '../statistics/distributions.js';
import type { PairedDifference } from './paired-result.js';

/** What `delongTest` gives. */
export interface DelongTest extends PairedDifference {
  /** Of `difference`; `null` where the data do not tell. */
  readonly standardError: number | null;
  /** `difference / standardError`, standard normal if the areas are equal. */
  readonly statistic: number | null;
}

/**
 * Tests whether two models have the same AUROC on the same images: DeLong's paired test, which uses that both saw the
 * same images. O(n log n) time, O(n) memory.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param firstScores - `[n]`, of the first model; scales may differ between the models.
 * @param secondScores - `[n]`, of the second model.
 * @returns Plain JSON, or `null` if a class has no images. Models that rank all images alike have the p-value 1 and no
 *   interval; with fewer than two positives or negatives (patients that have them) both are `null`.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value is not finite or out of range.
 *
 * @see DeLong, DeLong & Clarke-Pearson 1988, doi:10.2307/2531595
 * @see Obuchowski 1997, doi:10.2307/2533958 (with patients)
 */
export function delongTest(
  labels: ArrayLike<number>,
  firstScores: ArrayLike<number>,
  secondScores: ArrayLike<number>,
  options: DelongOptions = {},
): DelongTest | null {
  const tail = tailOf(options);
  checkScores(labels, firstScores, 'firstScores');
  checkScores(labels, secondScores, 'secondScores');
  const clusters = checkClusters(options.patientIds, labels);
  const place = (scores: ArrayLike<number>) =>
    placementsOf(sortScores(scores, (image) => labels[image] === 1));
  const first = place(firstScores);
  const second = place(secondScores);
  if (first === null || second === null) return null;
  const difference = first.auroc - second.auroc;
  const placementDifference = {
    ...first,
    values: first.values.map((value, image) => value - second.values[image]!),
    auroc: difference,
  };
  // The variance of the differences rather than var + var - 2 cov, which would leave rounding where it is 0.
  const variance = delongCovariance(labels, placementDifference, placementDifference, clusters);
  return { first: first.auroc, second: second.auroc, difference, ...decide(difference, variance, tail) };
}

function decide(
  difference: number,
  variance: number | null,
  tail: number,
): Pick<DelongTest, 'standardError' | 'statistic' | 'pValue' | 'interval'> {
  if (variance === null || variance <= 0) {
    const pValue = variance === null || difference !== 0 ? null : 1;
    return { standardError: null, statistic: null, pValue, interval: null };
  }
  const standardError = Math.sqrt(variance);
  const statistic = difference / standardError;
  const half = -normalQuantile(tail) * standardError;
  const interval: Interval = [Math.max(-1, difference - half), Math.min(1, difference + half)];
  return { standardError, statistic, pValue: twoSidedNormal(statistic), interval };
}
