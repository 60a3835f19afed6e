import { checkClassCount, checkLabels, checkLength } from '../checks/check-labels.js';
import { checkProbabilities } from '../checks/check-scores.js';
import { mean } from '../statistics/mean.js';

/**
 * Cross-entropy: mean of -ln(probability of the true class). 0 for perfect, ln(classes) for uniform guessing.
 *
 * As in scikit-learn, probabilities are clipped to `[ε, 1 - ε]`, so that one sure mistake costs a lot but not
 * infinity: ε is the rounding unit of the array's type, 2⁻²³ for a `Float32Array`, 2⁻⁵² for everything else.
 * Arithmetic is in double precision either way. Rows are not normalised.
 *
 * @param labels - `[n]`, class indices in `[0, classCount)`.
 * @param probabilities - `[n * classCount]`, row-major, in `[0, 1]`.
 * @returns In `[0, 36.05)`, natural logarithm.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value is out of range.
 *
 * @see Good 1952, Rational decisions, doi:10.1111/j.2517-6161.1952.tb00104.x (the logarithmic score)
 */
export function logLoss(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classCount: number,
): number {
  checkClassCount(classCount);
  checkLength('probabilities', probabilities, labels, classCount);
  checkLabels('labels', labels, classCount);
  checkProbabilities('probabilities', probabilities);
  return mean(crossEntropies(labels, probabilities, classCount))!;
}

/** @internal `[n]`, -ln(clipped probability of the true class) of every image. */
export function crossEntropies(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classCount: number,
): Float64Array {
  const epsilon = probabilities instanceof Float32Array ? 2 ** -23 : 2 ** -52;
  return Float64Array.from(labels, (label, image) => {
    const probability = probabilities[image * classCount + label]!;
    return -Math.log(Math.min(Math.max(probability, epsilon), 1 - epsilon));
  });
}
