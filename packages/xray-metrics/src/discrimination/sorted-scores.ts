import { sortDescending } from './sort-descending.js';

/** @internal Images from the highest score to the lowest, equal scores in one group. Sorted once, counted often. */
export interface SortedScores {
  /** `[n]`, image at each rank. */
  readonly order: Uint32Array;
  /** `[n]`, 1 where the image at this rank is positive. */
  readonly isPositive: Uint8Array;
  /** `[groups]`, rank after the last image of each group. */
  readonly groupEnds: Uint32Array;
  /** `[groups]`, the distinct scores, highest first. */
  readonly values: Float64Array;
}

/** @internal Positives and negatives that score at least `values[group]`, for every group. */
export interface CumulativeCounts {
  /** `[groups]`; the last entry is the number of positives. */
  readonly truePositives: Float64Array;
  /** `[groups]`; the last entry is the number of negatives. */
  readonly falsePositives: Float64Array;
}

/** @internal O(n). `isPositive(image)` gives the truth. */
export function sortScores(scores: ArrayLike<number>, isPositive: (image: number) => boolean): SortedScores {
  const order = sortDescending(scores);
  const count = order.length;
  const groupEnds = new Uint32Array(count);
  const values = new Float64Array(count);
  const truth = new Uint8Array(count);
  let groups = 0;
  for (let rank = 0; rank < count; rank++) {
    const image = order[rank]!;
    truth[rank] = isPositive(image) ? 1 : 0;
    if (rank + 1 < count && scores[order[rank + 1]!] === scores[image]) continue;
    groupEnds[groups] = rank + 1;
    values[groups] = scores[image]!;
    groups++;
  }
  return { order, isPositive: truth, groupEnds: groupEnds.slice(0, groups), values: values.slice(0, groups) };
}

/** @internal O(n); image `i` counted `weights[i]` times. */
export function countCumulative(sorted: SortedScores, weights?: ArrayLike<number>): CumulativeCounts {
  const { order, isPositive, groupEnds } = sorted;
  const truePositives = new Float64Array(groupEnds.length);
  const falsePositives = new Float64Array(groupEnds.length);
  let positives = 0;
  let negatives = 0;
  let rank = 0;
  for (let group = 0; group < groupEnds.length; group++) {
    for (; rank < groupEnds[group]!; rank++) {
      const weight = weights === undefined ? 1 : weights[order[rank]!]!;
      if (isPositive[rank] === 1) positives += weight;
      else negatives += weight;
    }
    truePositives[group] = positives;
    falsePositives[group] = negatives;
  }
  return { truePositives, falsePositives };
}
