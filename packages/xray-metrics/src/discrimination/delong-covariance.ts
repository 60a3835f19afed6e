import type { Placements } from './placements.js';

/**
 * @internal Covariance of the AUROC of two models on the same images; of a model with itself, its variance. Without
 * clusters this is DeLong's, with clusters Obuchowski's, which sums the placements of a patient's images first, so
 * that images which are alike do not pass for independent ones.
 *
 * @param labels - `[n]`, 0 or 1.
 * @param clusters - `[n]`, patient of each image, numbered from 0; `undefined` if every image is its own.
 * @returns `null` with fewer than two clusters that hold positives, or negatives: there is no spread to be seen.
 *
 * @see DeLong, DeLong & Clarke-Pearson 1988, doi:10.2307/2531595
 * @see Sun & Xu 2014, doi:10.1109/LSP.2014.2337313 (in O(n log n), through ranks)
 * @see Obuchowski 1997, Nonparametric analysis of clustered ROC curve data, doi:10.2307/2533958
 */
export function delongCovariance(
  labels: ArrayLike<number>,
  first: Placements,
  second: Placements,
  clusters: Uint32Array | undefined,
): number | null {
  const { positives, negatives } = first;
  const count = clusters ? clusters.reduce((most, cluster) => Math.max(most, cluster), 0) + 1 : labels.length;
  // Per cluster: deviations of its positives and negatives from the area, summed, for both models.
  const sums = [0, 1, 2, 3].map(() => new Float64Array(count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const holds = new Uint8Array(count);
  for (let image = 0; image < labels.length; image++) {
    const cluster = clusters ? clusters[image]! : image;
    const isPositive = labels[image] === 1;
    sums[isPositive ? 0 : 1][cluster]! += first.values[image]! - first.auroc;
    sums[isPositive ? 2 : 3][cluster]! += second.values[image]! - second.auroc;
    holds[cluster]! |= isPositive ? 1 : 2;
  }
  const [firstPositive, firstNegative, secondPositive, secondNegative] = sums;
  let withPositives = 0;
  let withNegatives = 0;
  let positiveSum = 0;
  let negativeSum = 0;
  let mixedSum = 0;
  for (let cluster = 0; cluster < count; cluster++) {
    withPositives += holds[cluster]! & 1;
    withNegatives += holds[cluster]! >> 1;
    positiveSum += firstPositive[cluster]! * secondPositive[cluster]!;
    negativeSum += firstNegative[cluster]! * secondNegative[cluster]!;
    mixedSum +=
      firstPositive[cluster]! * secondNegative[cluster]! + firstNegative[cluster]! * secondPositive[cluster]!;
  }
  if (withPositives < 2 || withNegatives < 2) return null;
  return (
    ((withPositives / (withPositives - 1)) * positiveSum) / positives ** 2 +
    ((withNegatives / (withNegatives - 1)) * negativeSum) / negatives ** 2 +
    ((count / (count - 1)) * mixedSum) / (positives * negatives)
  );
}
