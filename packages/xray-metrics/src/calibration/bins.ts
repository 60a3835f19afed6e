import { checkWholeNumber } from 'xray-core';
import { checkChoice } from '../checks/check-options.js';
import { sortDescending } from '../discrimination/sort-descending.js';

/** How probabilities are put into bins. */
export interface BinOptions {
  /** Number of bins, at least 1. @default 10 */
  readonly bins?: number | undefined;
  /**
   * - `equal-width`: `[0, 1]` divided evenly. A probability on an edge belongs to the lower bin, 0 to the first.
   * - `equal-mass`: as many images in each bin as possible, by rank; equal probabilities stay together.
   *
   * @default 'equal-width'
   */
  readonly binning?: 'equal-width' | 'equal-mass' | undefined;
}

/** @internal Sums over the images of one bin. */
export interface BinSums {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  readonly positives: number;
  readonly probabilitySum: number;
}

/** @internal The bins that hold images, by rising probability. Assumes checked labels and probabilities. */
export function binProbabilities(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { bins = 10, binning = 'equal-width' }: BinOptions,
): BinSums[] {
  checkWholeNumber('bins', bins);
  checkChoice('binning', binning, ['equal-width', 'equal-mass']);
  return binning === 'equal-width'
    ? equalWidth(labels, probabilities, bins)
    : equalMass(labels, probabilities, bins);
}

function equalWidth(labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins: number): BinSums[] {
  const counts = new Float64Array(bins);
  const positives = new Float64Array(bins);
  const sums = new Float64Array(bins);
  for (let image = 0; image < labels.length; image++) {
    const bin = binOf(probabilities[image]!, bins);
    counts[bin]!++;
    positives[bin]! += labels[image]!;
    sums[bin]! += probabilities[image]!;
  }
  return Array.from(counts, (count, bin) => ({
    low: bin / bins,
    high: (bin + 1) / bins,
    count,
    positives: positives[bin]!,
    probabilitySum: sums[bin]!,
  })).filter(({ count }) => count > 0);
}

/** The product may be rounded over an edge. */
function binOf(probability: number, bins: number): number {
  const bin = Math.max(0, Math.ceil(probability * bins) - 1);
  if (bin > 0 && probability <= bin / bins) return bin - 1;
  return probability > (bin + 1) / bins ? bin + 1 : bin;
}

function equalMass(labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins: number): BinSums[] {
  const order = sortDescending(probabilities).reverse();
  const result: BinSums[] = [];
  let start = 0;
  for (let bin = 1; bin <= bins && start < order.length; bin++) {
    let end = Math.max(start, Math.round((bin * order.length) / bins));
    if (end === start) continue;
    while (end < order.length && probabilities[order[end]!] === probabilities[order[end - 1]!]) end++;
    let positives = 0;
    let probabilitySum = 0;
    for (let rank = start; rank < end; rank++) {
      positives += labels[order[rank]!]!;
      probabilitySum += probabilities[order[rank]!]!;
    }
    result.push({
      low: probabilities[order[start]!]!,
      high: probabilities[order[end - 1]!]!,
      count: end - start,
      positives,
      probabilitySum,
    });
    start = end;
  }
  return result;
}
