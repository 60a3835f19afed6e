import { checkProbabilityScores } from '../checks/check-scores.js';
import { mean } from '../statistics/mean.js';

/**
 * Brier score: mean of (probability - truth)², 0 for perfect, 1 for certain and always wrong. It falls with both
 * better ranking and better calibration. This is the two-class form, half of Brier's original sum over classes
 * and what scikit-learn's `brier_score_loss` gives.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param probabilities - `[n]`, probability of the positive class in `[0, 1]`.
 * @returns In `[0, 1]`.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value is out of range.
 *
 * @see Brier 1950, doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2
 */
export function brier(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  checkProbabilityScores(labels, probabilities);
  return mean(squaredErrors(labels, probabilities))!;
}

/** @internal `[n]`, (probability - truth)² of every image. */
export function squaredErrors(labels: ArrayLike<number>, probabilities: ArrayLike<number>): Float64Array {
  return Float64Array.from(probabilities, (probability, image) => (probability - labels[image]!) ** 2);
}
