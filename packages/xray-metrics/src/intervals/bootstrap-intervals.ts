import type { Interval } from 'xray-core';
import { checkChoice } from '../checks/check-options.js';
import { bcaInterval, jackknifeClusters } from './bca-interval.js';
import { percentileInterval } from './percentile-interval.js';
import { countClusters, type ResampleOptions, resampleClusters } from './resample-clusters.js';

/** How an interval is read off resampled values. */
export type BootstrapMethod =
  /** Their percentiles. */
  | 'percentile'
  /** Percentiles corrected for bias and skewness (Efron's BCa): better for small samples, a jackknife slower. */
  | 'bca';

/** @internal */
export interface BootstrapOptions extends ResampleOptions {
  readonly method?: BootstrapMethod | undefined;
}

/**
 * @internal Intervals of the numbers that `compute` gives, from resampled clusters. Resamples in which a number is
 * `null` are left out for that number; a number that is `null` in all of them has no interval.
 *
 * @param tail - Share left out on each side, 0.025 for 95 %.
 * @throws As `resampleClusters` does, or if the method is unknown.
 */
export async function bootstrapIntervals<Name extends string>(
  compute: (weights: Uint32Array) => Readonly<Record<Name, number | null>>,
  clusters: Uint32Array,
  tail: number,
  options: BootstrapOptions,
): Promise<Record<string, Interval>> {
  const { method = 'percentile' } = options;
  checkChoice('method', method, ['percentile', 'bca']);
  const resampled = await resampleClusters(compute, clusters, options);
  const intervals: Record<string, Interval> = {};
  if (method === 'percentile') {
    for (const [name, values] of resampled) intervals[name] = percentileInterval(values, tail);
    return intervals;
  }
  if (resampled.size === 0) return intervals;
  const values = compute(new Uint32Array(clusters.length).fill(1)) as Readonly<Record<string, number | null>>;
  const jackknife = jackknifeClusters(compute, clusters, countClusters(clusters));
  for (const [name, sorted] of resampled) {
    const value = values[name];
    if (value === null || value === undefined) continue;
    const interval = bcaInterval(value, sorted, jackknife.get(name) ?? [], tail);
    if (interval) intervals[name] = interval;
  }
  return intervals;
}
