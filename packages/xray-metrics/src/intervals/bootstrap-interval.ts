import type { Estimate, Predictions } from 'xray-core';
import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { type ConfidenceOptions, tailOf } from '../checks/check-options.js';
import { checkThreshold, type Metric, weighMetric } from '../evaluation/metric.js';
import { checkPredictions } from '../predictions/check-predictions.js';
import { type BootstrapMethod, bootstrapIntervals } from './bootstrap-intervals.js';
import { checkClusters, singleClusters } from './clusters.js';
import type { ResampleOptions } from './resample-clusters.js';

const OPTIONS: OptionNames<BootstrapIntervalOptions> = {
  method: true,
  threshold: true,
  seed: true,
  resamples: true,
  signal: true,
  onProgress: true,
  confidenceLevel: true,
};

/** Options of `bootstrapInterval`. */
export interface BootstrapIntervalOptions extends ResampleOptions, ConfidenceOptions {
  /** @default 'percentile' */
  readonly method?: BootstrapMethod | undefined;
  /** Of the pneumonia score, for metrics of a decision. @default 0.5 */
  readonly threshold?: number | undefined;
}

/**
 * Computes any metric with a bootstrap interval over patients. An interval without width, which would claim certainty,
 * is `null`; for shares of exactly 0 or 1 take `clopperPearsonInterval`.
 *
 * @param metric - Name of a number, or a function of predictions.
 * @returns `null` if the metric is undefined for these predictions.
 * @throws {InvalidArgumentError} If `predictions` is not consistent or an option is out of range.
 * @throws {AbortedError} If the signal fires.
 *
 * @see Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapters 13 and 14
 *
 * @example
 * await bootstrapInterval(predictions, 'auroc', { seed: 7, method: 'bca' });
 */
export async function bootstrapInterval(
  predictions: Predictions,
  metric: Metric,
  options: BootstrapIntervalOptions,
): Promise<Estimate | null> {
  refuseUnknownOptions('bootstrapInterval', options, OPTIONS);
  const { threshold = 0.5 } = options;
  const { patientIds } = predictions;
  const tail = tailOf(options);
  checkThreshold('threshold', threshold);
  checkPredictions(predictions);
  const clusters = checkClusters(patientIds, predictions.labels) ?? singleClusters(predictions.labels.length);
  const weigh = weighMetric(predictions, metric, threshold);
  const value = weigh();
  if (value === null) return null;
  const compute = (weights: Uint32Array) => ({ value: weigh(weights) });
  const { value: interval } = await bootstrapIntervals(compute, clusters, tail, options);
  return { value, interval: interval && interval[0] < interval[1] ? interval : null };
}
