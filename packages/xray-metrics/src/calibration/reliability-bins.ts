import type { ReliabilityBin } from 'xray-core';
import type { ConfidenceOptions } from '../checks/check-options.js';
import { checkProbabilityScores } from '../checks/check-scores.js';
import { wilsonInterval } from '../intervals/wilson-interval.js';
import { type BinOptions, binProbabilities } from './bins.js';

/** Options of `reliabilityBins`. */
export interface ReliabilityOptions extends BinOptions, ConfidenceOptions {}

/**
 * Computes the points of a reliability diagram: for images of similar probability, how many really are positive, with
 * Wilson's interval (images count as independent). A calibrated model lies on the diagonal. Empty bins are left out.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param probabilities - `[n]`, of the positive class, in `[0, 1]`.
 * @returns Plain JSON, by rising probability.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value or an option is out of range.
 *
 * @see Bröcker & Smith 2007, Increasing the reliability of reliability diagrams, doi:10.1175/WAF993.1
 */
export function reliabilityBins(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: ReliabilityOptions = {},
): ReliabilityBin[] {
  checkProbabilityScores(labels, probabilities);
  return binProbabilities(labels, probabilities, options).map(
    ({ low, high, count, positives, probabilitySum }) => ({
      low,
      high,
      count,
      meanProbability: probabilitySum / count,
      observed: positives / count,
      interval: wilsonInterval(positives, count, options),
    }),
  );
}
