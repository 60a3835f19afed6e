import { InvalidArgumentError, type Predictions } from 'xray-core';
import { repeatImages } from '../predictions/repeat-images.js';
import { measure, prepare, SCORE_NAMES, type ScoreName } from './measure.js';

/**
 * A number of predictions: one of `Evaluation` by its name, or any function of your own, which gives `null` where it is
 * undefined. Names are faster, because images are sorted once and not for every resample.
 */
export type Metric = ScoreName | ((predictions: Predictions) => number | null);

/** @internal The metric of predictions in which image `i` counts `weights[i]` times, once if there are no weights. */
export function weighMetric(
  predictions: Predictions,
  metric: Metric,
  threshold: number,
): (weights?: ArrayLike<number>) => number | null {
  checkMetric(metric);
  if (typeof metric === 'function') {
    return (weights) => metric(weights ? repeatImages(predictions, weights) : predictions);
  }
  const measurable = prepare(predictions, threshold);
  return (weights) => measure(measurable, weights, [metric])[metric];
}

/** Rejects names that do not exist. */
function checkMetric(metric: Metric): void {
  if (typeof metric === 'function' || SCORE_NAMES.includes(metric)) return;
  throw new InvalidArgumentError({
    argument: 'metric',
    expected: `a function of predictions, or one of ${SCORE_NAMES.join(', ')}`,
    received: metric,
  });
}

/** @internal Rejects what no pneumonia score can be compared with. */
export function checkThreshold(argument: string, threshold: number): void {
  if (threshold >= 0 && threshold <= 1) return;
  throw new InvalidArgumentError({ argument, expected: 'a number in [0, 1]', received: threshold });
}
