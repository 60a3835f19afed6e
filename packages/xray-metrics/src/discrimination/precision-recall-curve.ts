import { checkScores } from '../checks/check-scores.js';
import { countCumulative, sortScores } from './sorted-scores.js';

/** One point of the precision-recall curve. */
export interface PrecisionRecallPoint {
  /** Share of those called positive that are, in `[0, 1]`. */
  readonly precision: number;
  /** Share of the positives that were found, in `[0, 1]`. */
  readonly recall: number;
  /** Scores of at least this are called positive. */
  readonly threshold: number;
}

/**
 * Computes the precision-recall curve with one point per distinct score: the points of scikit-learn's
 * `precision_recall_curve`, from the highest threshold to the lowest and without its artificial last one, (0, 1).
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param scores - `[n]`, higher means more likely positive.
 * @returns Points by falling threshold and rising recall, or `null` without positives.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value is not finite or out of range.
 *
 * @see Davis & Goadrich 2006, The relationship between precision-recall and ROC curves, doi:10.1145/1143844.1143874
 */
export function precisionRecallCurve(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
): PrecisionRecallPoint[] | null {
  checkScores(labels, scores);
  const sorted = sortScores(scores, (image) => labels[image] === 1);
  const { truePositives, falsePositives } = countCumulative(sorted);
  const positives = truePositives.at(-1)!;
  if (positives === 0) return null;
  return Array.from(sorted.values, (threshold, group) => ({
    precision: truePositives[group]! / (truePositives[group]! + falsePositives[group]!),
    recall: truePositives[group]! / positives,
    threshold,
  }));
}
