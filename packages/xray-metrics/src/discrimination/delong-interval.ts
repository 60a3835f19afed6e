import type { NormalEstimate } from 'xray-core';
import { type ConfidenceOptions, tailOf } from '../checks/check-options.js';
import { checkScores } from '../checks/check-scores.js';
import { checkClusters } from '../intervals/clusters.js';
import { normalQuantile } from '../statistics/distributions.js';
import { delongCovariance } from './delong-covariance.js';
import { placementsOf } from './placements.js';
import { sortScores } from './sorted-scores.js';

/** Options of `delongInterval` and `delongTest`. */
export interface DelongOptions extends ConfidenceOptions {
  /**
   * `[n]`, whose image each one is. Images of a patient are alike; with patients, Obuchowski's variance for clustered
   * data takes the place of DeLong's.
   *
   * @default undefined (every image counts as its own patient)
   */
  readonly patientIds?: readonly string[] | undefined;
}

/**
 * Computes the AUROC with DeLong's standard error and normal interval, cut off at 0 and 1, without resampling.
 * O(n log n) time, O(n) memory.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param scores - `[n]`, higher means more likely positive. Probabilities or logits.
 * @returns Plain JSON, or `null` if a class has no images. Standard error and interval are `null` with fewer than two
 *   positives or negatives (patients that have them), and where the classes are separated perfectly.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value is not finite or out of range.
 *
 * @see DeLong, DeLong & Clarke-Pearson 1988, doi:10.2307/2531595
 * @see Obuchowski 1997, doi:10.2307/2533958 (with patients)
 *
 * @example
 * delongInterval(labels, scores, { patientIds })?.interval; // [0.93, 0.97]
 */
export function delongInterval(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: DelongOptions = {},
): NormalEstimate | null {
  const tail = tailOf(options);
  checkScores(labels, scores);
  const clusters = checkClusters(options.patientIds, labels);
  const placements = placementsOf(sortScores(scores, (image) => labels[image] === 1));
  if (placements === null) return null;
  const value = placements.auroc;
  const variance = delongCovariance(labels, placements, placements, clusters);
  if (variance === null || variance <= 0) return { value, standardError: null, interval: null };
  const standardError = Math.sqrt(variance);
  const half = -normalQuantile(tail) * standardError;
  return { value, standardError, interval: [Math.max(0, value - half), Math.min(1, value + half)] };
}
