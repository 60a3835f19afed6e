/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-metrics
 */

export { brier } from './calibration/brier.js';
export { logLoss } from './calibration/log-loss.js';
export { balancedAccuracy } from './classification/balanced-accuracy.js';
export type { ClassificationScores } from './classification/class-scores.js';
export { accuracy, classificationScores, f1, precision, recall } from './classification/class-scores.js';
export type { ConfusionMatrix } from './classification/confusion-matrix.js';
export { confusionMatrix } from './classification/confusion-matrix.js';
export { mcc } from './classification/mcc.js';
export { auroc } from './discrimination/auroc.js';
export { aurocOneVsRest } from './discrimination/auroc-one-vs-rest.js';
export { averagePrecision } from './discrimination/average-precision.js';
export type { RocPoint } from './discrimination/roc-curve.js';
export { rocCurve } from './discrimination/roc-curve.js';
export type { EvaluateOptions, IntervalOptions } from './evaluation/evaluate-predictions.js';
export { evaluatePredictions } from './evaluation/evaluate-predictions.js';
export { formatClassificationReport } from './evaluation/format-classification-report.js';
export { chooseThreshold } from './operating-points/choose-threshold.js';
export { operatingPoint } from './operating-points/operating-point.js';
export type { ShiftedPredictions } from './shifts/evaluate-shifts.js';
export { evaluateShifts } from './shifts/evaluate-shifts.js';
export { joinPredictions } from './shifts/join-predictions.js';
export { npv, ppv, sensitivity, specificity } from './two-class-scores.js';
export { pneumoniaScores, predictedLabels, twoClassLabels } from './two-class-view.js';
