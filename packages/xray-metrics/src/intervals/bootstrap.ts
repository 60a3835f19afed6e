import { createRandom, type Interval, InvalidArgumentError } from 'xray-core';

/** @internal What to resample and how often. */
export interface BootstrapOptions {
  /** `[n]`, cluster of each image, numbered from 0 without gaps. */
  readonly clusters: Uint32Array;
  readonly seed: number;
  /** At least 100. */
  readonly resamples: number;
}

/**
 * @internal 95 % percentile intervals of the numbers that `compute` gives. Each resample draws as many clusters as
 * there are, with replacement; an image counts as often as its cluster was drawn (`weights`, `[n]`). Resamples in
 * which a number is `null` are left out for that number; a number that is `null` in all of them has no interval.
 * With a single cluster every resample is the data itself, and there are no intervals at all.
 *
 * @throws {InvalidArgumentError} If `seed` or `resamples` is not an integer, or there are too few resamples.
 *
 * @see Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 13 (percentile intervals)
 * @see Field & Welsh 2007, Bootstrapping clustered data, doi:10.1111/j.1467-9868.2007.00593.x
 */
export function bootstrapIntervals<Name extends string>(
  compute: (weights: Uint32Array) => Readonly<Record<Name, number | null>>,
  options: BootstrapOptions,
): Record<string, Interval> {
  const { clusters, seed, resamples } = options;
  checkResamples(resamples);
  const random = createRandom(seed).stream('bootstrap');
  const clusterCount = clusters.reduce((last, cluster) => Math.max(last, cluster), -1) + 1;
  if (clusterCount < 2) return {};
  const drawn = new Uint32Array(clusterCount);
  const weights = new Uint32Array(clusters.length);
  const values = new Map<string, number[]>();
  for (let resample = 0; resample < resamples; resample++) {
    drawn.fill(0);
    for (let draw = 0; draw < clusterCount; draw++) drawn[random.integer(0, clusterCount)]!++;
    for (let image = 0; image < clusters.length; image++) weights[image] = drawn[clusters[image]!]!;
    for (const [name, value] of Object.entries<number | null>(compute(weights))) {
      if (value === null) continue;
      const list = values.get(name);
      if (list) list.push(value);
      else values.set(name, [value]);
    }
  }
  const intervals: Record<string, Interval> = {};
  for (const [name, list] of values) {
    const sorted = Float64Array.from(list).sort();
    intervals[name] = [quantile(sorted, 0.025), quantile(sorted, 0.975)];
  }
  return intervals;
}

/** @internal Numbers images by their patient: the same name, the same cluster. */
export function clustersOf(patientIds: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(patientIds, (patientId) => {
    const number = numbers.get(patientId) ?? numbers.size;
    numbers.set(patientId, number);
    return number;
  });
}

/** A 2.5 % tail needs some values beyond it. */
function checkResamples(resamples: number): void {
  if (Number.isSafeInteger(resamples) && resamples >= 100) return;
  throw new InvalidArgumentError({
    argument: 'intervals.resamples',
    expected: 'an integer of at least 100',
    received: resamples,
    fix: 'Pass `intervals: false` to do without intervals.',
  });
}

/** Linear interpolation between order statistics, NumPy's default (Hyndman & Fan 1996, type 7). */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}
