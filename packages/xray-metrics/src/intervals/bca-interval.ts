import type { Interval } from 'xray-core';
import { normalCdf, normalQuantile } from '../statistics/distributions.js';
import { quantile } from './percentile-interval.js';

/**
 * @internal Bias-corrected and accelerated interval: percentiles shifted for the bias of the resampled values and for
 * how the spread depends on the truth.
 *
 * @param value - The number on the data themselves.
 * @param sorted - Resampled values, rising.
 * @param jackknife - The number with a part of the data left out, for every part.
 * @param tail - Share left out on each side.
 * @returns `null` if all resampled values lie on one side of `value`, where the correction is infinite.
 *
 * @see Efron 1987, Better bootstrap confidence intervals, doi:10.1080/01621459.1987.10478410
 */
export function bcaInterval(
  value: number,
  sorted: Float64Array,
  jackknife: readonly number[],
  tail: number,
): Interval | null {
  if (sorted[0] === sorted.at(-1)) return [sorted[0]!, sorted[0]!];
  let belowTwice = 0;
  for (const resampled of sorted) belowTwice += resampled < value ? 2 : resampled === value ? 1 : 0;
  const bias = normalQuantile(belowTwice / (2 * sorted.length));
  if (!Number.isFinite(bias)) return null;
  const acceleration = accelerationOf(jackknife);
  const shifted = (share: number): number => {
    const z = bias + normalQuantile(share);
    return normalCdf(bias + z / (1 - acceleration * z));
  };
  return [quantile(sorted, shifted(tail)), quantile(sorted, shifted(1 - tail))];
}

/** A sixth of the skewness of the jackknife's influence values. */
function accelerationOf(jackknife: readonly number[]): number {
  const mean = jackknife.reduce((sum, value) => sum + value, 0) / jackknife.length;
  let squares = 0;
  let cubes = 0;
  for (const value of jackknife) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  return squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
}

/** Parts of the data that are left out in turn, at most; more clusters are put together. */
const MOST_PARTS = 1000;

/**
 * @internal The numbers with one cluster left out at a time. Of more than a thousand clusters, every thousandth is left
 * out together: the acceleration, a skewness over the square root of the number of parts, stays the same.
 */
export function jackknifeClusters<Name extends string>(
  compute: (weights: Uint32Array) => Readonly<Record<Name, number | null>>,
  clusters: Uint32Array,
  clusterCount: number,
): Map<string, number[]> {
  const parts = Math.min(clusterCount, MOST_PARTS);
  const weights = new Uint32Array(clusters.length);
  const values = new Map<string, number[]>();
  for (let part = 0; part < parts; part++) {
    for (let image = 0; image < clusters.length; image++) {
      weights[image] = clusters[image]! % parts === part ? 0 : 1;
    }
    for (const [name, value] of Object.entries<number | null>(compute(weights))) {
      if (value === null) continue;
      const list = values.get(name);
      if (list) list.push(value);
      else values.set(name, [value]);
    }
  }
  return values;
}
