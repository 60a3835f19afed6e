import type { Evaluation, Predictions } from 'xray-core';
import { squaredErrors } from '../calibration/brier.js';
import { crossEntropies } from '../calibration/log-loss.js';
import { countPairs } from '../classification/confusion-matrix.js';
import { accuracyOf } from '../classification/matrix-scores.js';
import { areaUnderCurve } from '../discrimination/auroc.js';
import { meanArea, sortPerClass } from '../discrimination/auroc-one-vs-rest.js';
import { meanPrecision } from '../discrimination/average-precision.js';
import { countCumulative, type SortedScores, sortScores } from '../discrimination/sorted-scores.js';
import { decideAt, pointScores } from '../operating-points/operating-point.js';
import { mean } from '../statistics/mean.js';
import { pneumoniaScores, predictedLabels, twoClassLabels } from '../two-class-view.js';

/** @internal The flat numbers of an `Evaluation`: those that get an interval. */
export type FlatScores = Pick<
  Evaluation,
  | 'accuracy'
  | 'auroc'
  | 'aurocMacro'
  | 'averagePrecision'
  | 'sensitivity'
  | 'specificity'
  | 'ppv'
  | 'npv'
  | 'f1'
  | 'mcc'
  | 'balancedAccuracy'
  | 'brier'
  | 'logLoss'
>;

/** @internal Everything that does not change when images are counted more or less often: sorted and decided once. */
export interface Measurable {
  readonly classCount: number;
  readonly labels: Int32Array;
  readonly predicted: Int32Array;
  readonly twoClassLabels: Uint8Array;
  readonly twoClassDecisions: Uint8Array;
  readonly sorted: SortedScores;
  readonly sortedPerClass: readonly SortedScores[];
  readonly squaredErrors: Float64Array;
  readonly crossEntropies: Float64Array;
}

/** @internal O(n log n). */
export function prepare(predictions: Predictions, threshold: number): Measurable {
  const { classNames, labels, probabilities } = predictions;
  const truth = twoClassLabels(predictions);
  const scores = pneumoniaScores(predictions);
  return {
    classCount: classNames.length,
    labels,
    predicted: predictedLabels(predictions),
    twoClassLabels: truth,
    twoClassDecisions: decideAt(scores, threshold),
    sorted: sortScores(scores, (image) => truth[image] === 1),
    sortedPerClass: sortPerClass(predictions),
    squaredErrors: squaredErrors(truth, scores),
    crossEntropies: crossEntropies(labels, probabilities, classNames.length),
  };
}

/** @internal O(n); image `i` counted `weights[i]` times, whole numbers that are not all zero. */
export function measure(measurable: Measurable, weights?: ArrayLike<number>): FlatScores {
  const { classCount, labels, predicted } = measurable;
  const counts = countCumulative(measurable.sorted, weights);
  return {
    accuracy: accuracyOf(countPairs(labels, predicted, classCount, weights)),
    auroc: areaUnderCurve(counts),
    aurocMacro: meanArea(measurable.sortedPerClass, weights),
    averagePrecision: meanPrecision(counts),
    ...pointScores(countPairs(measurable.twoClassLabels, measurable.twoClassDecisions, 2, weights)),
    brier: mean(measurable.squaredErrors, weights)!,
    logLoss: mean(measurable.crossEntropies, weights)!,
  };
}
