import { checkProbabilityScores } from '../checks/check-scores.js';
import { type BinOptions, binProbabilities } from './bins.js';

/**
 * Computes the expected calibration error: the distance between mean probability and share of positives, averaged over
 * the bins by their images. 0 for perfect. It depends on the number of bins and is biased upwards in small samples, so
 * compare only what was binned alike.
 *
 * For Guo's multi-class form, pass whether the most probable class was right as labels and its probability.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param probabilities - `[n]`, of the positive class, in `[0, 1]`.
 * @returns In `[0, 1]`.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value or an option is out of range.
 *
 * @see Naeini, Cooper & Hauskrecht 2015, doi:10.1609/aaai.v29i1.9602 (equal width)
 * @see Nixon et al. 2019, Measuring calibration in deep learning, arXiv:1904.01685 (equal mass)
 */
export function expectedCalibrationError(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: BinOptions = {},
): number {
  checkProbabilityScores(labels, probabilities);
  let sum = 0;
  for (const { positives, probabilitySum } of binProbabilities(labels, probabilities, options)) {
    sum += Math.abs(positives - probabilitySum);
  }
  return sum / labels.length;
}
