/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-metrics
 */
export { auroc } from './auroc.js';
export { aurocOneVsRest } from './auroc-one-vs-rest.js';
export { averagePrecision } from './average-precision.js';
export { balancedAccuracy } from './balanced-accuracy.js';
export { brier } from './brier.js';
export { chooseThreshold } from './choose-threshold.js';
export type { ClassificationScores } from './class-scores.js';
export { accuracy, classificationScores, f1, precision, recall } from './class-scores.js';
export type { ConfusionMatrix } from './confusion-matrix.js';
export { confusionMatrix } from './confusion-matrix.js';
export type { EvaluateOptions, IntervalOptions } from './evaluate-predictions.js';
export { evaluatePredictions } from './evaluate-predictions.js';
export { formatClassificationReport } from './format-classification-report.js';
export { logLoss } from './log-loss.js';
export { mcc } from './mcc.js';
export { operatingPoint } from './operating-point.js';
export type { RocPoint } from './roc-curve.js';
export { rocCurve } from './roc-curve.js';
export { npv, ppv, sensitivity, specificity } from './two-class-scores.js';
export { pneumoniaScores, predictedLabels, twoClassLabels } from './two-class-view.js';
