import type { Interval } from 'xray-core';

/**
 * @internal Percentile interval of resampled values.
 *
 * @param sorted - Rising.
 * @param tail - Share left out on each side.
 *
 * @see Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 13
 */
export function percentileInterval(sorted: Float64Array, tail: number): Interval {
  return [quantile(sorted, tail), quantile(sorted, 1 - tail)];
}

/** @internal Linear interpolation between order statistics, NumPy's default (Hyndman & Fan 1996, type 7). */
export function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}
