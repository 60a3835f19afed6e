import { InvalidArgumentError, type Predictions } from 'xray-core';
import { alignPredictions } from './align-predictions.js';

/**
 * The mean of the probabilities that several models give the same images: an ensemble, also of models that take images of
 * different sizes.
 *
 * @param predictions - At least one; of the same images with the same labels, in any order.
 * @returns In the order of the first.
 * @throws {ClassMismatchError} If the class names differ.
 * @throws {InvalidArgumentError} If there are none, one is not consistent, or they are not of the same images.
 *
 * @example
 * const evaluation = await evaluatePredictions(averagePredictions([small, large]), { threshold });
 */
export function averagePredictions(predictions: readonly Predictions[]): Predictions {
  const [first, ...others] = predictions;
  if (first === undefined) {
    throw new InvalidArgumentError({
      argument: 'predictions',
      expected: 'at least one',
      received: predictions,
    });
  }
  const sums = Float64Array.from(first.probabilities);
  for (const other of others) {
    const { probabilities } = alignPredictions(first, other);
    for (let at = 0; at < sums.length; at++) sums[at]! += probabilities[at]!;
  }
  const count = predictions.length;
  return { ...first, probabilities: Float32Array.from(sums, (sum) => sum / count) };
}
