import {
  type Evaluation,
  InvalidArgumentError,
  type OptionNames,
  type Predictions,
  type ProgressCallback,
  refuseUnknownOptions,
  type ThresholdRule,
} from 'xray-core';
import { measureCalibration } from '../calibration/measure-calibration.js';
import { classificationScores } from '../classification/class-scores.js';
import { countPairs } from '../classification/confusion-matrix.js';
import { delongInterval } from '../discrimination/delong-interval.js';
import { type BootstrapMethod, bootstrapIntervals } from '../intervals/bootstrap-intervals.js';
import { checkClusters, singleClusters } from '../intervals/clusters.js';
import { repairEdgeIntervals } from '../intervals/edge-intervals.js';
import { checkResamples, countClusters } from '../intervals/resample-clusters.js';
import { operatingPoint } from '../operating-points/operating-point.js';
import { parseThresholdRule } from '../operating-points/threshold-rule.js';
import { type Measurable, measure, prepare } from './measure.js';

const OPTIONS: OptionNames<EvaluateOptions> = {
  threshold: true,
  thresholdRule: true,
  thresholdFrom: true,
  intervals: true,
  signal: true,
  onProgress: true,
};

/** Options of `evaluatePredictions`. */
export interface EvaluateOptions {
  /**
   * Pneumonia scores of at least this are called positive, in `[0, 1]`. Required by the rule `youden`: choose it on
   * other images with `chooseThreshold`.
   *
   * @default 0.5
   */
  readonly threshold?: number | undefined;
  /** How `threshold` was chosen. @default 'half' */
  readonly thresholdRule?: ThresholdRule | undefined;
  /** Where `threshold` was chosen. @default 'validation' for the rule `youden`, null for `half` */
  readonly thresholdFrom?: Evaluation['thresholdFrom'] | undefined;
  /** 95 % intervals, or `false` to do without. @default false */
  readonly intervals?: IntervalOptions | false | undefined;
  /** Stops the intervals with an `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
  /** Receives `resample` events while intervals are computed. */
  readonly onProgress?: ProgressCallback | undefined;
}

/** Options of the bootstrap. */
export interface IntervalOptions {
  /** Same seed, same intervals. A safe integer. */
  readonly seed: number;
  /** Bootstrap samples, at least 100. @default 1000 */
  readonly resamples?: number | undefined;
  /** How intervals are read off the resampled values. @default 'percentile' */
  readonly method?: BootstrapMethod | undefined;
}

/**
 * Measures everything about the predictions of one split, as plain JSON without NaN.
 *
 * - One decision for all: an image is called pneumonia when its score, 1 - p(class 0), is at least `threshold`, and is then of the
 *   most probable other class (`decideClass` of xray-core). `argmaxAccuracy` alone takes the most probable of all classes.
 * - Undefined numbers are `null`, MCC without spread is 0. See the single functions for formulas and sources.
 * - Intervals: 95 % bootstrap over patients. A resample in which a number is undefined is left out for
 *   that number. A share of exactly 0 or 1 gets the exact binomial interval over patients instead (resampling
 *   would claim certainty). With fewer than two patients there is nothing to resample, and `intervals` stays empty.
 * - `aurocDelong` and `calibration` cost a few milliseconds and are always there.
 *
 * O(n log n + resamples * n) time; the event loop runs in between.
 *
 * @throws {InvalidArgumentError} If `predictions` or an option is malformed, or `threshold` does not fit its rule.
 * @throws {AbortedError} If the signal fires.
 *
 * @example
 * const evaluation = await evaluatePredictions(predictions, { intervals: { seed: 7 } });
 * evaluation.auroc; // 0.96
 * evaluation.intervals.auroc; // [0.94, 0.97]
 */
export async function evaluatePredictions(
  predictions: Predictions,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  refuseUnknownOptions('evaluatePredictions', options, OPTIONS);
  const { intervals = false } = options;
  const chosen = resolveThreshold(options);
  const measurable = prepare(predictions, chosen.threshold);
  const { patientIds, labels, classNames, testTimeAugmentation } = predictions;
  const clusters = checkClusters(patientIds, labels);

  const matrix = countPairs(labels, measurable.predicted, classNames.length);
  const { perClass, macro, weighted } = classificationScores(matrix);
  const { scores, twoClassLabels } = measurable;
  return {
    sampleCount: labels.length,
    patientCount: clusters ? countClusters(clusters) : null,
    classNames: [...classNames],
    ...measure(measurable),
    ...chosen,
    atHalf: operatingPoint(twoClassLabels, scores, 0.5),
    confusionMatrix: matrix,
    perClass,
    macro,
    weighted,
    aurocDelong: delongInterval(twoClassLabels, scores, { patientIds }),
    calibration: measureCalibration(twoClassLabels, scores),
    ...(intervals
      ? await measureIntervals(measurable, clusters, intervals, options)
      : { intervals: {}, intervalMethod: null }),
    ...(testTimeAugmentation && { testTimeAugmentation }),
  };
}

async function measureIntervals(
  measurable: Measurable,
  patients: Uint32Array | undefined,
  { seed, resamples = 1000, method = 'percentile' }: IntervalOptions,
  { signal, onProgress }: Pick<EvaluateOptions, 'signal' | 'onProgress'>,
): Promise<Pick<Evaluation, 'intervals' | 'intervalMethod'>> {
  checkResamples('intervals.resamples', resamples);
  const clusters = patients ?? singleClusters(measurable.labels.length);
  const compute = (weights: Uint32Array) => measure(measurable, weights);
  const how = { seed, resamples, method, signal, onProgress };
  const resampled = await bootstrapIntervals(compute, clusters, 0.025, how);
  const intervals = repairEdgeIntervals(resampled, measure(measurable), measurable, clusters);
  const unit = patients ? 'patients' : 'images (patients unknown)';
  const kind = method === 'bca' ? 'BCa' : 'percentile';
  return {
    intervals,
    intervalMethod:
      Object.keys(intervals).length === 0
        ? null
        : `95 % ${kind} bootstrap over ${unit}, ${resamples} resamples, seed ${seed}; exact binomial where a share is 0 or 1`,
  };
}

function resolveThreshold(
  options: EvaluateOptions,
): Pick<Evaluation, 'threshold' | 'thresholdRule' | 'thresholdFrom'> {
  const { thresholdRule = 'half' } = options;
  parseThresholdRule('thresholdRule', thresholdRule);
  const isHalf = thresholdRule === 'half';
  const { threshold = isHalf ? 0.5 : Number.NaN, thresholdFrom = isHalf ? null : 'validation' } = options;
  if (isHalf && threshold !== 0.5) {
    throw new InvalidArgumentError({
      argument: 'threshold',
      expected: "0.5 for the rule 'half'",
      received: threshold,
      fix: "Say how it was chosen, for example `thresholdRule: 'youden'`.",
    });
  }
  if (!(threshold >= 0 && threshold <= 1)) {
    throw new InvalidArgumentError({
      argument: 'threshold',
      expected: `a number in [0, 1] for the rule '${thresholdRule}'`,
      received: options.threshold,
      fix: `Choose it on other images: \`chooseThreshold(validation, '${thresholdRule}')\`.`,
    });
  }
  if (!isHalf && thresholdFrom === null) {
    throw new InvalidArgumentError({
      argument: 'thresholdFrom',
      expected: `'validation' or 'bundle' for the rule '${thresholdRule}'`,
      received: thresholdFrom,
    });
  }
  return { threshold, thresholdRule, thresholdFrom };
}
