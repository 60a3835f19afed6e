import { InvalidArgumentError, type OperatingPoint } from 'xray-core';
import { checkScores } from '../checks/check-scores.js';
import { type ConfusionMatrix, countPairs } from '../classification/confusion-matrix.js';
import { balancedAccuracyOf, f1Of, mccOf, precisionOf, recallOf } from '../classification/matrix-scores.js';

/**
 * The two-class numbers when every score of at least `threshold` is called positive.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param scores - `[n]`, higher means more likely positive.
 * @param threshold - On the scale of the scores. `Infinity` calls nothing positive.
 * @returns Plain JSON for a finite threshold; `null` where a number is undefined, such as sensitivity without
 *   positives.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value is not finite or out of range.
 *
 * @example
 * operatingPoint([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], 0.5).sensitivity; // 0.5
 */
export function operatingPoint(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  threshold: number,
): OperatingPoint {
  checkScores(labels, scores);
  if (Number.isNaN(threshold)) {
    throw new InvalidArgumentError({ argument: 'threshold', expected: 'a number', received: threshold });
  }
  const matrix = countPairs(labels, decideAt(scores, threshold), 2);
  return { threshold, ...pointScores(matrix) };
}

/** @internal `[n]`, 1 where the score reaches the threshold. */
export function decideAt(scores: ArrayLike<number>, threshold: number): Uint8Array {
  return Uint8Array.from(scores, (score) => (score >= threshold ? 1 : 0));
}

/** @internal The numbers of an operating point from `[[tn, fp], [fn, tp]]`. */
export function pointScores(matrix: ConfusionMatrix): Omit<OperatingPoint, 'threshold'> {
  return {
    sensitivity: recallOf(matrix, 1),
    specificity: recallOf(matrix, 0),
    ppv: precisionOf(matrix, 1),
    npv: precisionOf(matrix, 0),
    f1: f1Of(matrix, 1),
    mcc: mccOf(matrix),
    balancedAccuracy: balancedAccuracyOf(matrix),
  };
}
