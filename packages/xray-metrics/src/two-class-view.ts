import { decideClass, type Predictions, pneumoniaScore } from 'xray-core';
import { checkPredictions } from './predictions/check-predictions.js';

/**
 * Probability of pneumonia of any kind: 1 - p(class 0), in double precision.
 *
 * @returns `[n]`, in `[0, 1]`.
 * @throws {InvalidArgumentError} If `predictions` is not consistent.
 */
export function pneumoniaScores(predictions: Predictions): Float64Array {
  checkPredictions(predictions);
  const { classNames, labels, probabilities } = predictions;
  return Float64Array.from(labels, (_, image) => pneumoniaScore(probabilities[image * classNames.length]!));
}

/**
 * The two-class truth: 0 for the negative class (the first), 1 for every other class.
 *
 * @returns `[n]`
 * @throws {InvalidArgumentError} If `predictions` is not consistent.
 */
export function twoClassLabels(predictions: Predictions): Uint8Array {
  checkPredictions(predictions);
  return Uint8Array.from(predictions.labels, (label) => (label > 0 ? 1 : 0));
}

/**
 * The class of each image at a threshold, by the rule of `decideClass`: where 1 - p(class 0) reaches it, the most probable of the
 * other classes.
 *
 * @param threshold - In `[0, 1]`.
 * @returns `[n]`, class indices.
 * @throws {InvalidArgumentError} If `predictions` is not consistent.
 */
export function decidedLabels(predictions: Predictions, threshold: number): Int32Array {
  checkPredictions(predictions);
  const { classNames, labels, probabilities } = predictions;
  const classes = classNames.length;
  return Int32Array.from(labels, (_, image) =>
    decideClass(probabilities, threshold, classes, image * classes),
  );
}

/**
 * The most probable class of each image (argmax); the first of equals, as NumPy has it.
 *
 * @returns `[n]`, class indices.
 * @throws {InvalidArgumentError} If `predictions` is not consistent.
 */
export function predictedLabels(predictions: Predictions): Int32Array {
  checkPredictions(predictions);
  const { classNames, labels, probabilities } = predictions;
  return Int32Array.from(labels, (_, image) => {
    const row = probabilities.subarray(image * classNames.length, (image + 1) * classNames.length);
    return row.indexOf(Math.max(...row));
  });
}
