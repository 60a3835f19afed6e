import { checkScores } from '../checks/check-scores.js';
import type { CumulativeCounts } from './sorted-scores.js';

/**
 * Area under the ROC curve: the chance that a random positive image scores higher than a random negative one.
 * 1 is perfect, 0.5 is guessing.
 *
 * Exact, not binned: the Mann–Whitney statistic with tied scores counted as half, which is the trapezoid area
 * under the curve. O(n log n) time, O(n) memory.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param scores - `[n]`, higher means more likely positive. Probabilities or logits.
 * @returns In `[0, 1]`, or `null` if a class has no images (scikit-learn warns and gives NaN).
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value is not finite or out of range.
 *
 * @see Hanley & McNeil 1982, doi:10.1148/radiology.143.1.7063747
 *
 * @example
 * auroc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]); // 0.75
 */
export function auroc(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  checkScores(labels, scores);
  let positives = 0;
  for (let image = 0; image < labels.length; image++) positives += labels[image]!;
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) return null;
  // Sorting the classes apart needs no order of the images, and the engine sorts plain numbers fastest.
  const ofPositives = new Float64Array(positives);
  const ofNegatives = new Float64Array(negatives);
  for (let image = 0, positive = 0, negative = 0; image < labels.length; image++) {
    if (labels[image] === 1) ofPositives[positive++] = scores[image]!;
    else ofNegatives[negative++] = scores[image]!;
  }
  return countWins(ofPositives.sort(), ofNegatives.sort()) / (2 * positives * negatives);
}

/** Pairs in which the positive scores higher, twice, and ties once; both sorted. */
function countWins(ofPositives: Float64Array, ofNegatives: Float64Array): number {
  let twice = 0;
  let below = 0;
  let notAbove = 0;
  for (const score of ofPositives) {
    while (below < ofNegatives.length && ofNegatives[below]! < score) below++;
    while (notAbove < ofNegatives.length && ofNegatives[notAbove]! <= score) notAbove++;
    twice += below + notAbove;
  }
  return twice;
}

/** @internal The area from counts; whole numbers up to the last division, so it is exact. */
export function areaUnderCurve({ truePositives, falsePositives }: CumulativeCounts): number | null {
  const positives = truePositives.at(-1)!;
  const negatives = falsePositives.at(-1)!;
  if (positives === 0 || negatives === 0) return null;
  let twiceArea = 0;
  let lastTrue = 0;
  let lastFalse = 0;
  for (let group = 0; group < truePositives.length; group++) {
    twiceArea += (falsePositives[group]! - lastFalse) * (truePositives[group]! + lastTrue);
    lastTrue = truePositives[group]!;
    lastFalse = falsePositives[group]!;
  }
  return twiceArea / (2 * positives * negatives);
}
