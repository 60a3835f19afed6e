import { InvalidArgumentError, type Predictions } from 'xray-core';
import { checkPredictions } from '../predictions/check-predictions.js';
import type { TemperatureScaling } from './calibrator.js';

/** Smallest probability whose logarithm is taken, that of `logLoss`. */
export const SMALLEST_PROBABILITY = 2 ** -23;
/** Beyond these the loss is flat for every double that a model gives. */
const INVERSE_TEMPERATURES = [1e-4, 1e4] as const;

/**
 * Fits temperature scaling: the one number by which logarithms of probabilities are divided so that the cross-entropy is
 * smallest. It never changes which class is the most probable. Fit on validation, apply elsewhere.
 *
 * @param predictions - Any number of classes.
 * @returns Plain JSON.
 * @throws {InvalidArgumentError} If `predictions` is not consistent, or the best temperature is 0 or infinite: every image
 *   right, or probabilities that are no better than chance.
 *
 * @see Guo et al. 2017, On calibration of modern neural networks, arXiv:1706.04599
 *
 * @example
 * const calibrated = applyCalibrator(test, fitTemperature(validation));
 */
export function fitTemperature(predictions: Predictions): TemperatureScaling {
  checkPredictions(predictions);
  const { classNames, labels, probabilities } = predictions;
  const logs = Float64Array.from(probabilities, (value) => Math.log(Math.max(value, SMALLEST_PROBABILITY)));
  // The loss is convex in the inverse of the temperature, so its slope has one zero.
  let [low, high] = INVERSE_TEMPERATURES as readonly [number, number];
  const slope = (inverse: number) => lossSlope(logs, labels, classNames.length, inverse);
  if (slope(low) >= 0 || slope(high) <= 0) {
    throw new InvalidArgumentError({
      argument: 'predictions',
      expected: 'images of which some are wrong and most are right, so that there is a best temperature',
      received: slope(high) <= 0 ? 'no mistakes' : 'probabilities no better than chance',
      fix: 'Fit on a larger validation split, or do without calibration.',
    });
  }
  for (let step = 0; step < 100 && high - low > 1e-14 * high; step++) {
    const middle = Math.sqrt(low * high);
    if (slope(middle) < 0) low = middle;
    else high = middle;
  }
  return { method: 'temperature', temperature: 1 / Math.sqrt(low * high) };
}

/** Derivative of the cross-entropy of softmax(inverse * logs) by `inverse`, summed over the images. */
function lossSlope(logs: Float64Array, labels: Int32Array, classCount: number, inverse: number): number {
  let slope = 0;
  for (let image = 0; image < labels.length; image++) {
    const start = image * classCount;
    let largest = -Infinity;
    for (let at = start; at < start + classCount; at++) largest = Math.max(largest, logs[at]!);
    let sum = 0;
    let weighted = 0;
    for (let at = start; at < start + classCount; at++) {
      const power = Math.exp(inverse * (logs[at]! - largest));
      sum += power;
      weighted += power * logs[at]!;
    }
    slope += weighted / sum - logs[start + labels[image]!]!;
  }
  return slope;
}
