/**
 * Score of pneumonia of any kind, in `[0, 1]`: one minus the probability of the negative class.
 *
 * @param negative - That probability, in `[0, 1]` but for rounding.
 */
export function pneumoniaScore(negative: number): number {
  return Math.min(1, Math.max(0, 1 - negative));
}

/**
 * The one rule by which probabilities become a class, in `classify`, evaluations, tables and reports: where the pneumonia score
 * reaches the threshold, the most probable class that is not the negative one, and the negative class otherwise. The
 * first of equals.
 *
 * @param probabilities - `[classes]`, the negative class first; with more in front or behind, see `start`.
 * @param threshold - On the pneumonia score.
 * @param classes - Number of classes. @default all of `probabilities`
 * @param start - Place of the negative class. @default 0
 * @returns Index of the class, from 0.
 *
 * @example
 * decideClass([0.55, 0.15, 0.3], 0.4); // 2: the score 0.45 reaches 0.4, although class 0 is the most probable one
 */
export function decideClass(
  probabilities: ArrayLike<number>,
  threshold: number,
  classes: number = probabilities.length,
  start = 0,
): number {
  if (!(pneumoniaScore(probabilities[start]!) >= threshold)) return 0;
  let best = 1;
  for (let index = 2; index < classes; index++)
    if (probabilities[start + index]! > probabilities[start + best]!) best = index;
  return best;
}
