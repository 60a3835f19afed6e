import { checkScores } from '../checks/check-scores.js';
import { type CumulativeCounts, countCumulative, sortScores } from './sorted-scores.js';

/**
 * Average precision: the area under the precision-recall curve as a step function,
 *
 *     Σ (R_k - R_(k-1)) P_k
 *
 * over the distinct scores from high to low, without interpolation (which flatters). Guessing scores the
 * prevalence of the positives, not 0.5.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param scores - `[n]`, higher means more likely positive.
 * @returns In `[0, 1]`, or `null` without positives (scikit-learn warns and gives 0).
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value is not finite or out of range.
 *
 * @see Davis & Goadrich 2006, The relationship between precision-recall and ROC curves, doi:10.1145/1143844.1143874
 */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  checkScores(labels, scores);
  return meanPrecision(countCumulative(sortScores(scores, (image) => labels[image] === 1)));
}

/** @internal Average precision from counts. */
export function meanPrecision({ truePositives, falsePositives }: CumulativeCounts): number | null {
  const positives = truePositives.at(-1)!;
  if (positives === 0) return null;
  let sum = 0;
  let found = 0;
  for (let group = 0; group < truePositives.length; group++) {
    const foundNow = truePositives[group]!;
    // Skipping groups without positives also skips 0/0, which resampling weights of zero would give.
    if (foundNow > found) sum += ((foundNow - found) * foundNow) / (foundNow + falsePositives[group]!);
    found = foundNow;
  }
  return sum / positives;
}
