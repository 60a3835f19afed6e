import { InvalidArgumentError, type Predictions } from 'xray-core';
import { checkThreshold, type Metric, weighMetric } from '../evaluation/metric.js';
import { checkClusters, singleClusters } from '../intervals/clusters.js';
import type { ResampleOptions } from '../intervals/resample-clusters.js';
import { checkPaired } from '../predictions/align-predictions.js';

/** Options of the tests that resample two models on the same images. */
export interface PairedOptions extends ResampleOptions {
  /** Of the first model's pneumonia score, for metrics of a decision. @default 0.5 */
  readonly firstThreshold?: number | undefined;
  /** Of the second model's pneumonia score, for metrics of a decision. @default 0.5 */
  readonly secondThreshold?: number | undefined;
}

/** @internal The patients of the images, which are those of the first predictions, and the metric of both models on the images as they are. */
export function preparePair(
  first: Predictions,
  second: Predictions,
  metric: Metric,
  { firstThreshold = 0.5, secondThreshold = 0.5 }: PairedOptions,
) {
  checkThreshold('firstThreshold', firstThreshold);
  checkThreshold('secondThreshold', secondThreshold);
  checkPaired(first, second);
  const clusters = checkClusters(first.patientIds, first.labels) ?? singleClusters(first.labels.length);
  const weighFirst = weighMetric(first, metric, firstThreshold);
  const weighSecond = weighMetric(second, metric, secondThreshold);
  const values = { first: weighFirst(), second: weighSecond() };
  if (values.first === null || values.second === null) {
    throw new InvalidArgumentError({
      argument: 'metric',
      expected: 'a metric that is defined for both models',
      received: values,
      fix: 'Take images of both classes, or another metric.',
    });
  }
  return {
    clusters,
    weighFirst,
    weighSecond,
    thresholds: [firstThreshold, secondThreshold] as const,
    first: values.first,
    second: values.second,
    difference: values.first - values.second,
  };
}
