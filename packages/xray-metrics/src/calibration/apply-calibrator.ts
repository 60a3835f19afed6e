import type { Predictions } from 'xray-core';
import { checkPredictions } from '../predictions/check-predictions.js';
import { type Calibrator, checkCalibrator, type IsotonicScaling } from './calibrator.js';
import { SMALLEST_PROBABILITY } from './fit-temperature.js';
import { logit, sigmoid } from './logit.js';

/**
 * Calibrates predictions with what `fitTemperature`, `fitPlatt` or `fitIsotonic` found elsewhere. Platt and isotonic
 * scaling change the pneumonia score; with more than two classes, the positive ones keep their shares of it. A threshold
 * has to be chosen on calibrated predictions, too.
 *
 * @returns New predictions; rows still sum to 1.
 * @throws {InvalidArgumentError} If `predictions` is not consistent or the calibrator is damaged.
 *
 * @example
 * const calibrator = fitPlatt(validation);
 * const threshold = chooseThreshold(applyCalibrator(validation, calibrator), 'youden');
 * await evaluatePredictions(applyCalibrator(test, calibrator), { threshold, thresholdRule: 'youden' });
 */
export function applyCalibrator(predictions: Predictions, calibrator: Calibrator): Predictions {
  checkCalibrator(calibrator);
  checkPredictions(predictions);
  const { classNames, probabilities } = predictions;
  const calibrated = new Float32Array(probabilities.length);
  const change =
    calibrator.method === 'temperature' ? temper(calibrator.temperature) : rescale(scoreOf(calibrator));
  for (let start = 0; start < probabilities.length; start += classNames.length) {
    change(probabilities, calibrated, start, classNames.length);
  }
  return { ...predictions, probabilities: calibrated };
}

type RowChange = (from: Float32Array, to: Float32Array, start: number, classCount: number) => void;

function temper(temperature: number): RowChange {
  return (from, to, start, classCount) => {
    let largest = SMALLEST_PROBABILITY;
    for (let at = start; at < start + classCount; at++) largest = Math.max(largest, from[at]!);
    const power = (value: number) =>
      Math.exp((Math.log(Math.max(value, SMALLEST_PROBABILITY)) - Math.log(largest)) / temperature);
    let sum = 0;
    for (let at = start; at < start + classCount; at++) sum += power(from[at]!);
    for (let at = start; at < start + classCount; at++) to[at] = power(from[at]!) / sum;
  };
}

function rescale(calibrate: (score: number) => number): RowChange {
  return (from, to, start, classCount) => {
    const score = 1 - from[start]!;
    const calibrated = calibrate(score);
    let sum = 0;
    for (let at = start + 1; at < start + classCount; at++) sum += from[at]!;
    to[start] = 1 - calibrated;
    for (let at = start + 1; at < start + classCount; at++) {
      to[at] = calibrated * (sum === 0 ? 1 / (classCount - 1) : from[at]! / sum);
    }
  };
}

function scoreOf(calibrator: Exclude<Calibrator, { method: 'temperature' }>): (score: number) => number {
  if (calibrator.method === 'isotonic') return (score) => interpolate(calibrator, score);
  const { slope, intercept } = calibrator;
  return (score) => sigmoid(intercept + slope * logit(score));
}

function interpolate({ scores, probabilities }: IsotonicScaling, score: number): number {
  let low = 0;
  let high = scores.length - 1;
  if (score <= scores[low]!) return probabilities[low]!;
  if (score >= scores[high]!) return probabilities[high]!;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (scores[middle]! <= score) low = middle;
    else high = middle;
  }
  const share = (score - scores[low]!) / (scores[high]! - scores[low]!);
  return probabilities[low]! + share * (probabilities[high]! - probabilities[low]!);
}
