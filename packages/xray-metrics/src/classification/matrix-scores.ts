import { ratio } from '../statistics/ratio.js';
import { type ConfusionMatrix, columnSum, rowSum } from './confusion-matrix.js';

/** @internal The formulas without checks: whoever made the matrix vouches for it, thousands of times per evaluation. */
export function accuracyOf(matrix: ConfusionMatrix): number {
  let correct = 0;
  let total = 0;
  for (let label = 0; label < matrix.length; label++) {
    correct += matrix[label]![label]!;
    total += rowSum(matrix, label);
  }
  return correct / total;
}

/** @internal tp / (tp + fp) of one class. */
export function precisionOf(matrix: ConfusionMatrix, label: number): number | null {
  return ratio(matrix[label]![label]!, columnSum(matrix, label));
}

/** @internal tp / (tp + fn) of one class. */
export function recallOf(matrix: ConfusionMatrix, label: number): number | null {
  return ratio(matrix[label]![label]!, rowSum(matrix, label));
}

/** @internal 2 tp / (2 tp + fp + fn) of one class. */
export function f1Of(matrix: ConfusionMatrix, label: number): number | null {
  return ratio(2 * matrix[label]![label]!, rowSum(matrix, label) + columnSum(matrix, label));
}

/** @internal Mean recall, `null` if a class has no images. */
export function balancedAccuracyOf(matrix: ConfusionMatrix): number | null {
  let sum = 0;
  for (let label = 0; label < matrix.length; label++) {
    const recall = recallOf(matrix, label);
    if (recall === null) return null;
    sum += recall;
  }
  return sum / matrix.length;
}

/** @internal Gorodkin's R_K, 0 without spread. */
export function mccOf(matrix: ConfusionMatrix): number {
  let total = 0;
  let correct = 0;
  let both = 0;
  let squaredTruth = 0;
  let squaredPrediction = 0;
  for (let label = 0; label < matrix.length; label++) {
    const truth = rowSum(matrix, label);
    const prediction = columnSum(matrix, label);
    total += truth;
    correct += matrix[label]![label]!;
    both += truth * prediction;
    squaredTruth += truth * truth;
    squaredPrediction += prediction * prediction;
  }
  const spread = Math.sqrt((total * total - squaredPrediction) * (total * total - squaredTruth));
  return spread === 0 ? 0 : (correct * total - both) / spread;
}
