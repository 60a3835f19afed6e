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
import { decidedLabels, pneumoniaScores, predictedLabels, twoClassLabels } from '../two-class-view.js';

/** Name of a number of `Evaluation` that resampling can treat: `auroc`, `accuracy`, `sensitivity`, `brier`, ... */
export type ScoreName =
  | 'accuracy'
  | 'argmaxAccuracy'
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
  | 'logLoss';

/** @internal The numbers that get an interval, in the order of the report. */
export const SCORE_NAMES: readonly ScoreName[] = [
  'accuracy',
  'argmaxAccuracy',
  'auroc',
  'aurocMacro',
  'averagePrecision',
  'sensitivity',
  'specificity',
  'ppv',
  'npv',
  'f1',
  'mcc',
  'balancedAccuracy',
  'brier',
  'logLoss',
];

/** @internal */
export type FlatScores = Pick<Evaluation, ScoreName>;

/** @internal Everything that does not change when images are counted more or less often, made when first needed. */
export interface Measurable {
  readonly classCount: number;
  readonly labels: Int32Array;
  /** Classes decided at the threshold. */
  readonly predicted: Int32Array;
  readonly mostProbable: Int32Array;
  readonly twoClassLabels: Uint8Array;
  readonly scores: Float64Array;
  readonly twoClassDecisions: Uint8Array;
  readonly sorted: SortedScores;
  readonly sortedPerClass: readonly SortedScores[];
  readonly squaredErrors: Float64Array;
  readonly crossEntropies: Float64Array;
}

/** @internal O(n); what has to be sorted is sorted when a number asks for it. */
export function prepare(predictions: Predictions, threshold: number): Measurable {
  const { classNames, labels, probabilities } = predictions;
  const truth = twoClassLabels(predictions);
  const scores = pneumoniaScores(predictions);
  const predicted = once(() => decidedLabels(predictions, threshold));
  const mostProbable = once(() => predictedLabels(predictions));
  const sorted = once(() => sortScores(scores, (image) => truth[image] === 1));
  const sortedPerClass = once(() => sortPerClass(predictions));
  const squared = once(() => squaredErrors(truth, scores));
  const entropies = once(() => crossEntropies(labels, probabilities, classNames.length));
  return {
    classCount: classNames.length,
    labels,
    twoClassLabels: truth,
    scores,
    twoClassDecisions: decideAt(scores, threshold),
    get predicted() {
      return predicted();
    },
    get mostProbable() {
      return mostProbable();
    },
    get sorted() {
      return sorted();
    },
    get sortedPerClass() {
      return sortedPerClass();
    },
    get squaredErrors() {
      return squared();
    },
    get crossEntropies() {
      return entropies();
    },
  };
}

/**
 * @internal O(n) once everything is sorted; image `i` counted `weights[i]` times, whole numbers that are not all zero.
 * Only what `names` ask for is computed.
 */
export function measure<Name extends keyof FlatScores = keyof FlatScores>(
  measurable: Measurable,
  weights?: ArrayLike<number>,
  names: readonly Name[] = SCORE_NAMES as readonly string[] as readonly Name[],
): Pick<FlatScores, Name> {
  const { classCount, labels } = measurable;
  const counts = once(() => countCumulative(measurable.sorted, weights));
  const point = once(() =>
    pointScores(countPairs(measurable.twoClassLabels, measurable.twoClassDecisions, 2, weights)),
  );
  const formulas: { readonly [Key in keyof FlatScores]: () => FlatScores[Key] } = {
    accuracy: () => accuracyOf(countPairs(labels, measurable.predicted, classCount, weights)),
    argmaxAccuracy: () => accuracyOf(countPairs(labels, measurable.mostProbable, classCount, weights)),
    auroc: () => areaUnderCurve(counts()),
    aurocMacro: () => meanArea(measurable.sortedPerClass, weights),
    averagePrecision: () => meanPrecision(counts()),
    sensitivity: () => point().sensitivity,
    specificity: () => point().specificity,
    ppv: () => point().ppv,
    npv: () => point().npv,
    f1: () => point().f1,
    mcc: () => point().mcc,
    balancedAccuracy: () => point().balancedAccuracy,
    brier: () => mean(measurable.squaredErrors, weights)!,
    logLoss: () => mean(measurable.crossEntropies, weights)!,
  };
  return Object.fromEntries(names.map((name) => [name, formulas[name]()])) as Pick<FlatScores, Name>;
}

/** Calls `make` when first asked and keeps what it gave. */
function once<Value extends object>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= make());
}
