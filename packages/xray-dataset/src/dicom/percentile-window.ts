import { type DisplayCurve, linear } from './display-window.js';

/** @internal Shares of the pixels that may turn fully black and fully white. */
export const CLIPPED_SHARE = 0.005;

/**
 * @internal Window from the 0.5th to the 99.5th percentile of the values, for files that name none: collimator edges
 * and metal markers would else take most of the range.
 *
 * @param counts - Pixels per stored value.
 * @param modalityValue - Modality value of a stored one; may rise or fall.
 */
export function percentileWindow(
  counts: Uint32Array,
  modalityValue: (index: number) => number,
): DisplayCurve {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const low = modalityValue(indexAt(counts, CLIPPED_SHARE * total));
  const high = modalityValue(indexAt(counts, (1 - CLIPPED_SHARE) * total));
  return linear((low + high) / 2, Math.abs(high - low));
}

/** First index at which the running sum goes beyond `rank`. */
function indexAt(counts: Uint32Array, rank: number): number {
  let sum = 0;
  for (let index = 0; index < counts.length; index++) {
    sum += counts[index]!;
    if (sum > rank) return index;
  }
  return counts.length - 1;
}
