import type { Predictions } from 'xray-core';
import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { type ConfidenceOptions, checkChoice, tailOf } from '../checks/check-options.js';
import type { Metric } from '../evaluation/metric.js';
import { bcaInterval, jackknifeClusters } from '../intervals/bca-interval.js';
import type { BootstrapMethod } from '../intervals/bootstrap-intervals.js';
import { percentileInterval } from '../intervals/percentile-interval.js';
import { countClusters, resampleClusters } from '../intervals/resample-clusters.js';
import { type PairedOptions, preparePair } from './paired-options.js';
import type { PairedDifference } from './paired-result.js';

const OPTIONS: OptionNames<BootstrapTestOptions> = {
  method: true,
  firstThreshold: true,
  secondThreshold: true,
  seed: true,
  resamples: true,
  signal: true,
  onProgress: true,
  confidenceLevel: true,
};

/** Options of `bootstrapTest`. */
export interface BootstrapTestOptions extends PairedOptions, ConfidenceOptions {
  /** @default 'percentile' */
  readonly method?: BootstrapMethod | undefined;
}

/**
 * Compares two models by any metric on the same images: the same patients are drawn for both, so that what makes a
 * sample hard is hard for both. The p-value is twice the share of resamples on the other side of zero, each side counted
 * with one more so that it is never 0.
 *
 * @param first - Predictions of the first model.
 * @param second - Of the second, of the same images in the same order (`alignPredictions`).
 * @param metric - Name of a number, or a function of predictions.
 * @throws {ClassMismatchError} If the class names differ.
 * @throws {InvalidArgumentError} If the images differ, the metric is undefined, or an option is out of range.
 * @throws {AbortedError} If the signal fires.
 *
 * @see Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapters 13 to 15
 * @see Field & Welsh 2007, Bootstrapping clustered data, doi:10.1111/j.1467-9868.2007.00593.x
 *
 * @example
 * const { difference, interval, pValue } = await bootstrapTest(first, second, 'auroc', { seed: 7, patientIds });
 */
export async function bootstrapTest(
  first: Predictions,
  second: Predictions,
  metric: Metric,
  options: BootstrapTestOptions,
): Promise<PairedDifference> {
  refuseUnknownOptions('bootstrapTest', options, OPTIONS);
  const { method = 'percentile' } = options;
  const tail = tailOf(options);
  checkChoice('method', method, ['percentile', 'bca']);
  const pair = preparePair(first, second, metric, options);
  const compute = (weights: Uint32Array) => {
    const one = pair.weighFirst(weights);
    const other = pair.weighSecond(weights);
    return { difference: one === null || other === null ? null : one - other };
  };
  const { difference } = pair;
  const result = { first: pair.first, second: pair.second, difference };
  const resampled = await resampleClusters(compute, pair.clusters, options);
  const sorted = resampled.get('difference');
  if (sorted === undefined) return { ...result, pValue: null, interval: null };
  if (sorted[0] === sorted.at(-1)) {
    return { ...result, pValue: difference === 0 ? 1 : null, interval: null };
  }
  const jackknife = () =>
    jackknifeClusters(compute, pair.clusters, countClusters(pair.clusters)).get('difference') ?? [];
  const interval =
    method === 'bca' ? bcaInterval(difference, sorted, jackknife(), tail) : percentileInterval(sorted, tail);
  return { ...result, pValue: twoSided(sorted), interval };
}

function twoSided(sorted: Float64Array): number {
  let atMost = 0;
  let atLeast = 0;
  for (const value of sorted) {
    if (value <= 0) atMost++;
    if (value >= 0) atLeast++;
  }
  return Math.min(1, (2 * (Math.min(atMost, atLeast) + 1)) / (sorted.length + 1));
}
