import { precision, recall } from './classification/class-scores.js';
import { type ConfusionMatrix, checkMatrix } from './classification/confusion-matrix.js';

/**
 * Sensitivity (recall of the positive class), tp / (tp + fn): how many of the sick were found.
 *
 * @param matrix - `[[tn, fp], [fn, tp]]`.
 * @returns In `[0, 1]`, or `null` without positive images (scikit-learn's `recall_score` says 0).
 * @throws {InvalidArgumentError} If `matrix` is not a 2 x 2 table of counts.
 */
export function sensitivity(matrix: ConfusionMatrix): number | null {
  checkMatrix(matrix, 2);
  return recall(matrix, 1);
}

/**
 * Specificity (recall of the negative class), tn / (tn + fp): how many of the healthy were left alone.
 *
 * @param matrix - `[[tn, fp], [fn, tp]]`.
 * @returns In `[0, 1]`, or `null` without negative images.
 * @throws {InvalidArgumentError} If `matrix` is not a 2 x 2 table of counts.
 */
export function specificity(matrix: ConfusionMatrix): number | null {
  checkMatrix(matrix, 2);
  return recall(matrix, 0);
}

/**
 * Positive predictive value (precision of the positive class), tp / (tp + fp): how many alarms were right. It
 * holds for the prevalence of this data only.
 *
 * @param matrix - `[[tn, fp], [fn, tp]]`.
 * @returns In `[0, 1]`, or `null` if nothing was called positive (scikit-learn's `precision_score` says 0).
 * @throws {InvalidArgumentError} If `matrix` is not a 2 x 2 table of counts.
 */
export function ppv(matrix: ConfusionMatrix): number | null {
  checkMatrix(matrix, 2);
  return precision(matrix, 1);
}

/**
 * Negative predictive value (precision of the negative class), tn / (tn + fn): how many all-clears were right.
 * It holds for the prevalence of this data only.
 *
 * @param matrix - `[[tn, fp], [fn, tp]]`.
 * @returns In `[0, 1]`, or `null` if nothing was called negative.
 * @throws {InvalidArgumentError} If `matrix` is not a 2 x 2 table of counts.
 */
export function npv(matrix: ConfusionMatrix): number | null {
  checkMatrix(matrix, 2);
  return precision(matrix, 0);
}
