import type { SortedScores } from './sorted-scores.js';

/** @internal How each image stands against those of the other class: what DeLong's variance is made of. */
export interface Placements {
  /**
   * `[n]`, for a positive image the share of negatives that score lower, for a negative one the share of positives
   * that score higher; ties count half.
   */
  readonly values: Float64Array;
  readonly positives: number;
  readonly negatives: number;
  /** The mean of the values of either class. */
  readonly auroc: number;
}

/** @internal O(n) once the scores are sorted; `null` if a class has no images. */
export function placementsOf({ order, isPositive, groupEnds }: SortedScores): Placements | null {
  let positives = 0;
  for (const truth of isPositive) positives += truth;
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const values = new Float64Array(order.length);
  let positivesAbove = 0;
  let negativesAbove = 0;
  let twiceArea = 0;
  let start = 0;
  for (const end of groupEnds) {
    let tiedPositives = 0;
    for (let rank = start; rank < end; rank++) tiedPositives += isPositive[rank]!;
    const tiedNegatives = end - start - tiedPositives;
    for (let rank = start; rank < end; rank++) {
      values[order[rank]!] =
        isPositive[rank] === 1
          ? (negatives - negativesAbove - tiedNegatives / 2) / negatives
          : (positivesAbove + tiedPositives / 2) / positives;
    }
    twiceArea += tiedNegatives * (2 * positivesAbove + tiedPositives);
    positivesAbove += tiedPositives;
    negativesAbove += tiedNegatives;
    start = end;
  }
  return { values, positives, negatives, auroc: twiceArea / (2 * positives * negatives) };
}
