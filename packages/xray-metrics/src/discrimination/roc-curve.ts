import { checkScores } from '../checks/check-scores.js';
import { countCumulative, sortScores } from './sorted-scores.js';

/** One point of the ROC curve. */
export interface RocPoint {
  /** False positive rate, 1 - specificity, in `[0, 1]`. */
  readonly fpr: number;
  /** True positive rate, sensitivity, in `[0, 1]`. */
  readonly tpr: number;
  /** Scores of at least this are called positive. `Infinity` in the first point, which calls nothing positive. */
  readonly threshold: number;
}

/**
 * ROC curve with one point per distinct score, from (0, 0) to (1, 1). The same points as scikit-learn's
 * `roc_curve` with `drop_intermediate=False`. JSON has no `Infinity`: leave the first threshold out there.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param scores - `[n]`, higher means more likely positive.
 * @returns Points by falling threshold, or `null` if a class has no images (scikit-learn warns and gives NaN).
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value is not finite or out of range.
 *
 * @see Fawcett 2006, An introduction to ROC analysis, doi:10.1016/j.patrec.2005.10.010, algorithm 1
 */
export function rocCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): RocPoint[] | null {
  checkScores(labels, scores);
  const sorted = sortScores(scores, (image) => labels[image] === 1);
  const { truePositives, falsePositives } = countCumulative(sorted);
  const positives = truePositives.at(-1)!;
  const negatives = falsePositives.at(-1)!;
  if (positives === 0 || negatives === 0) return null;
  const points: RocPoint[] = [{ fpr: 0, tpr: 0, threshold: Infinity }];
  sorted.values.forEach((threshold, group) => {
    points.push({
      fpr: falsePositives[group]! / negatives,
      tpr: truePositives[group]! / positives,
      threshold,
    });
  });
  return points;
}
