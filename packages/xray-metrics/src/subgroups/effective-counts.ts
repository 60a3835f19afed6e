/** @internal Hits and trials, made fewer where images of a patient are alike. */
export interface EffectiveCounts {
  readonly hits: number;
  readonly trials: number;
}

/**
 * @internal Counts divided by the design effect: how much more a share varies over patients than over independent images.
 * A share of exactly 0 or 1 shows no variation; its trials are the patients.
 *
 * @param isHit - `[n]`
 * @param images - Which of them are trials.
 * @param clusters - `[n]`, patient of each image; `undefined` if every image is its own.
 *
 * @see Rao & Scott 1992, A simple method for the analysis of clustered binary data, doi:10.2307/2532311
 */
export function effectiveCounts(
  isHit: (image: number) => boolean,
  images: readonly number[],
  clusters: Uint32Array | undefined,
): EffectiveCounts {
  const trials = images.length;
  const hits = images.reduce((sum, image) => sum + (isHit(image) ? 1 : 0), 0);
  if (clusters === undefined) return { hits, trials };
  const deviations = new Map<number, number>();
  const share = hits / trials;
  for (const image of images) {
    const cluster = clusters[image]!;
    deviations.set(cluster, (deviations.get(cluster) ?? 0) + (isHit(image) ? 1 : 0) - share);
  }
  const patients = deviations.size;
  if (patients === trials) return { hits, trials };
  if (hits === 0 || hits === trials || patients < 2) {
    return { hits: share * patients, trials: patients };
  }
  let squares = 0;
  for (const deviation of deviations.values()) squares += deviation ** 2;
  const variance = ((patients / (patients - 1)) * squares) / trials ** 2;
  const designEffect = Math.max(1, variance / ((share * (1 - share)) / trials));
  return { hits: hits / designEffect, trials: trials / designEffect };
}
