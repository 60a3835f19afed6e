import { checkScores } from '../checks/check-scores.js';
import { countCumulative, sortScores } from './sorted-scores.js';

/** One point of the cumulative gain curve. */
export interface GainPoint {
  /** Share of all images that are looked at, the most suspicious first, in `[0, 1]`. */
  readonly examined: number;
  /** Share of the positives among them (sensitivity), in `[0, 1]`. */
  readonly gain: number;
  /** `gain / examined`: times what examining at random would find; `null` for nothing examined. */
  readonly lift: number | null;
  /** Scores of at least this are examined. `Infinity` in the first point, which examines nothing. */
  readonly threshold: number;
}

/**
 * Computes the cumulative gain curve with one point per distinct score, from (0, 0) to (1, 1): how many of the positives
 * are found by looking at the most suspicious images first, as a reading list sorted by the model would have it.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param scores - `[n]`, higher means more likely positive.
 * @returns Points by falling threshold, or `null` without positives.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value is not finite or out of range.
 *
 * @see Witten, Frank & Hall 2011, Data Mining, 3rd edition, section 5.7 (lift charts)
 */
export function gainCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): GainPoint[] | null {
  checkScores(labels, scores);
  const sorted = sortScores(scores, (image) => labels[image] === 1);
  const { truePositives, falsePositives } = countCumulative(sorted);
  const positives = truePositives.at(-1)!;
  if (positives === 0) return null;
  const points: GainPoint[] = [{ examined: 0, gain: 0, lift: null, threshold: Infinity }];
  sorted.values.forEach((threshold, group) => {
    const examined = (truePositives[group]! + falsePositives[group]!) / labels.length;
    const gain = truePositives[group]! / positives;
    points.push({ examined, gain, lift: gain / examined, threshold });
  });
  return points;
}
