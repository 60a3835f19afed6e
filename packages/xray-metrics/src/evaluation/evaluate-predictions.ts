import { type Evaluation, InvalidArgumentError, type Predictions, type ThresholdRule } from 'xray-core';
import { checkLength } from '../checks/check-labels.js';
import { classificationScores } from '../classification/class-scores.js';
import { confusionMatrix } from '../classification/confusion-matrix.js';
import { bootstrapIntervals, clustersOf } from '../intervals/bootstrap.js';
import { repairEdgeIntervals } from '../intervals/edge-intervals.js';
import { checkThresholdRule } from '../operating-points/choose-threshold.js';
import { operatingPoint } from '../operating-points/operating-point.js';
import { pneumoniaScores } from '../two-class-view.js';
import { type Measurable, measure, prepare } from './measure.js';

/** Options of `evaluatePredictions`. */
export interface EvaluateOptions {
  /**
   * Pneumonia scores of at least this are called positive, in `[0, 1]`. Required by the rule `youden`: choose it on
   * other images with `chooseThreshold`.
   *
   * @default 0.5
   */
  readonly threshold?: number;
  /** How `threshold` was chosen. @default 'half' */
  readonly thresholdRule?: ThresholdRule;
  /** Where `threshold` was chosen. @default 'validation' for the rule `youden`, null for `half` */
  readonly thresholdFrom?: Evaluation['thresholdFrom'];
  /**
   * `[n]`, whose image each one is, in the order of the predictions. Images of a patient are alike, so intervals
   * that ignore patients come out too narrow.
   *
   * @default undefined (every image counts as its own patient)
   */
  readonly patientIds?: readonly string[];
  /** 95 % intervals, or `false` to do without. @default false */
  readonly intervals?: IntervalOptions | false;
}

/** Options of the bootstrap. */
export interface IntervalOptions {
  /** Same seed, same intervals. A safe integer. */
  readonly seed: number;
  /** Bootstrap samples, at least 100. @default 1000 */
  readonly resamples?: number;
}

/**
 * Measures everything about one side of a dataset, as plain JSON without NaN.
 *
 * - Accuracy, the confusion matrix and the class scores use the most probable class (argmax).
 * - The two-class numbers call an image pneumonia when its score, 1 - p(class 0), is at least `threshold`.
 * - Undefined numbers are `null`, MCC without spread is 0. See the single functions for formulas and sources.
 * - Intervals: 95 % percentile bootstrap over patients. A resample in which a number is undefined is left out for
 *   that number. A share of exactly 0 or 1 gets the exact binomial interval over patients instead (resampling
 *   would claim certainty). With fewer than two patients there is nothing to resample, and `intervals` stays empty.
 *
 * O(n log n + resamples * n) time.
 *
 * @throws {InvalidArgumentError} If `predictions` or an option is malformed, or `threshold` does not fit its rule.
 *
 * @example
 * const evaluation = evaluatePredictions(predictions, { intervals: { seed: 7 } });
 * evaluation.auroc; // 0.96
 * evaluation.intervals.auroc; // [0.94, 0.97]
 */
export function evaluatePredictions(predictions: Predictions, options: EvaluateOptions = {}): Evaluation {
  const { patientIds, intervals = false } = options;
  const chosen = resolveThreshold(options);
  const measurable = prepare(predictions, chosen.threshold);
  if (patientIds) checkLength('patientIds', patientIds, predictions.labels);

  const matrix = confusionMatrix(predictions.labels, measurable.predicted, predictions.classNames.length);
  const { perClass, macro, weighted } = classificationScores(matrix);
  return {
    sampleCount: predictions.labels.length,
    patientCount: patientIds ? new Set(patientIds).size : null,
    classNames: [...predictions.classNames],
    ...measure(measurable),
    ...chosen,
    atHalf: operatingPoint(measurable.twoClassLabels, pneumoniaScores(predictions), 0.5),
    confusionMatrix: matrix,
    perClass,
    macro,
    weighted,
    ...(intervals
      ? measureIntervals(measurable, intervals, patientIds)
      : { intervals: {}, intervalMethod: null }),
    ...(predictions.testTimeAugmentation && { testTimeAugmentation: predictions.testTimeAugmentation }),
  };
}

function measureIntervals(
  measurable: Measurable,
  { seed, resamples = 1000 }: IntervalOptions,
  patientIds: readonly string[] | undefined,
): Pick<Evaluation, 'intervals' | 'intervalMethod'> {
  const clusters = patientIds ? clustersOf(patientIds) : Uint32Array.from(measurable.labels.keys());
  const resampled = bootstrapIntervals((weights) => measure(measurable, weights), {
    clusters,
    seed,
    resamples,
  });
  const intervals = repairEdgeIntervals(resampled, measure(measurable), measurable, clusters);
  const unit = patientIds ? 'patients' : 'images (patients unknown)';
  return {
    intervals,
    intervalMethod:
      Object.keys(intervals).length === 0
        ? null
        : `95 % percentile bootstrap over ${unit}, ${resamples} resamples, seed ${seed}; exact binomial where a share is 0 or 1`,
  };
}

function resolveThreshold(
  options: EvaluateOptions,
): Pick<Evaluation, 'threshold' | 'thresholdRule' | 'thresholdFrom'> {
  const { thresholdRule = 'half' } = options;
  checkThresholdRule('thresholdRule', thresholdRule);
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
