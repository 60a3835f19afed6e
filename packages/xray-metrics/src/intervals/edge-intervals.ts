import type { Interval } from 'xray-core';
import type { FlatScores, Measurable } from '../evaluation/measure.js';

/** Shares of images, and which images they are shares of. */
const SHARES: Readonly<Record<string, (measurable: Measurable, image: number) => boolean>> = {
  accuracy: () => true,
  argmaxAccuracy: () => true,
  sensitivity: ({ twoClassLabels }, image) => twoClassLabels[image] === 1,
  specificity: ({ twoClassLabels }, image) => twoClassLabels[image] === 0,
  ppv: ({ twoClassDecisions }, image) => twoClassDecisions[image] === 1,
  npv: ({ twoClassDecisions }, image) => twoClassDecisions[image] === 0,
};

/**
 * @internal Replaces intervals without width, which claim a certainty that nobody has. Resampling cannot tell how
 * often what never happened would happen; for a share of exactly 0 or 1 the exact binomial interval over patients
 * can: `[0.025^(1/n), 1]` when all of `n` patients' images were right. Any other number without width loses its
 * interval.
 *
 * @param clusters - `[n]`, patient of each image.
 *
 * @see Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404
 */
export function repairEdgeIntervals(
  intervals: Readonly<Record<string, Interval>>,
  scores: FlatScores,
  measurable: Measurable,
  clusters: ArrayLike<number>,
): Record<string, Interval> {
  const repaired: Record<string, Interval> = {};
  for (const [name, interval] of Object.entries(intervals)) {
    if (interval[0] < interval[1]) {
      repaired[name] = interval;
      continue;
    }
    const belongs = SHARES[name];
    const value = scores[name as keyof FlatScores];
    if (belongs === undefined || (value !== 0 && value !== 1)) continue;
    const patients = new Set<number>();
    for (let image = 0; image < clusters.length; image++) {
      if (belongs(measurable, image)) patients.add(clusters[image]!);
    }
    const bound = 0.025 ** (1 / patients.size);
    repaired[name] = value === 1 ? [bound, 1] : [0, 1 - bound];
  }
  return repaired;
}
