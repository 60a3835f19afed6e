/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-metrics
 */
export { applyCalibrator } from './calibration/apply-calibrator.js';
export type { BinOptions } from './calibration/bins.js';
export { brier } from './calibration/brier.js';
export { brierDecomposition } from './calibration/brier-decomposition.js';
export { calibrationIntercept, calibrationSlope } from './calibration/calibration-line.js';
export type {
  Calibrator,
  IsotonicScaling,
  PlattScaling,
  TemperatureScaling,
} from './calibration/calibrator.js';
export { checkCalibrator } from './calibration/calibrator.js';
export { expectedCalibrationError } from './calibration/expected-calibration-error.js';
export { fitIsotonic } from './calibration/fit-isotonic.js';
export { fitPlatt } from './calibration/fit-platt.js';
export { fitTemperature } from './calibration/fit-temperature.js';
export type { HosmerLemeshowOptions, HosmerLemeshowTest } from './calibration/hosmer-lemeshow-test.js';
export { hosmerLemeshowTest } from './calibration/hosmer-lemeshow-test.js';
export { logLoss } from './calibration/log-loss.js';
export type { ReliabilityOptions } from './calibration/reliability-bins.js';
export { reliabilityBins } from './calibration/reliability-bins.js';
export type { ConfidenceOptions } from './checks/check-options.js';
export { balancedAccuracy } from './classification/balanced-accuracy.js';
export type { ClassificationScores } from './classification/class-scores.js';
export { accuracy, classificationScores, f1, precision, recall } from './classification/class-scores.js';
export type { CohenKappaOptions } from './classification/cohen-kappa.js';
export { cohenKappa } from './classification/cohen-kappa.js';
export type { ConfusionMatrix } from './classification/confusion-matrix.js';
export { confusionMatrix } from './classification/confusion-matrix.js';
export { mcc } from './classification/mcc.js';
export type { BootstrapTestOptions } from './comparison/bootstrap-test.js';
export { bootstrapTest } from './comparison/bootstrap-test.js';
export type { DelongTest } from './comparison/delong-test.js';
export { delongTest } from './comparison/delong-test.js';
export { holmCorrection } from './comparison/holm-correction.js';
export type { McnemarOptions, McnemarTest } from './comparison/mcnemar-test.js';
export { mcnemarTest } from './comparison/mcnemar-test.js';
export type { PairedOptions } from './comparison/paired-options.js';
export type { PairedDifference, PairedTest } from './comparison/paired-result.js';
export { permutationTest } from './comparison/permutation-test.js';
export { auroc } from './discrimination/auroc.js';
export { aurocOneVsRest } from './discrimination/auroc-one-vs-rest.js';
export { averagePrecision } from './discrimination/average-precision.js';
export type { DelongOptions } from './discrimination/delong-interval.js';
export { delongInterval } from './discrimination/delong-interval.js';
export type { GainPoint } from './discrimination/gain-curve.js';
export { gainCurve } from './discrimination/gain-curve.js';
export type { PrecisionRecallPoint } from './discrimination/precision-recall-curve.js';
export { precisionRecallCurve } from './discrimination/precision-recall-curve.js';
export type { RocPoint } from './discrimination/roc-curve.js';
export { rocCurve } from './discrimination/roc-curve.js';
export type { EvaluateOptions, IntervalOptions } from './evaluation/evaluate-predictions.js';
export { evaluatePredictions } from './evaluation/evaluate-predictions.js';
export { formatClassificationReport } from './evaluation/format-classification-report.js';
export type { ScoreName } from './evaluation/measure.js';
export type { Metric } from './evaluation/metric.js';
export type { BootstrapIntervalOptions } from './intervals/bootstrap-interval.js';
export { bootstrapInterval } from './intervals/bootstrap-interval.js';
export type { BootstrapMethod } from './intervals/bootstrap-intervals.js';
export { clopperPearsonInterval } from './intervals/clopper-pearson-interval.js';
export type { ResampleOptions } from './intervals/resample-clusters.js';
export { wilsonInterval } from './intervals/wilson-interval.js';
export type { ChooseThresholdOptions } from './operating-points/choose-threshold.js';
export { chooseThreshold } from './operating-points/choose-threshold.js';
export type { DecisionCurveOptions, DecisionPoint } from './operating-points/decision-curve.js';
export { decisionCurve } from './operating-points/decision-curve.js';
export type { LikelihoodRatios } from './operating-points/likelihood-ratios.js';
export { likelihoodRatios } from './operating-points/likelihood-ratios.js';
export { operatingPoint } from './operating-points/operating-point.js';
export type { PredictiveValues } from './operating-points/predictive-values.js';
export { predictiveValues } from './operating-points/predictive-values.js';
export { alignPredictions } from './predictions/align-predictions.js';
export { averagePredictions } from './predictions/average-predictions.js';
export type { PredictionsCsvOptions } from './predictions/predictions-csv.js';
export { predictionsToCsv } from './predictions/predictions-csv.js';
export type { PredictionsFromCsvOptions } from './predictions/predictions-from-csv.js';
export { predictionsFromCsv } from './predictions/predictions-from-csv.js';
export { predictionsFromJson, predictionsToJson } from './predictions/predictions-json.js';
export type { ShiftedPredictions } from './shifts/evaluate-shifts.js';
export { evaluateShifts } from './shifts/evaluate-shifts.js';
export { joinPredictions } from './shifts/join-predictions.js';
export type { DifferenceTest } from './subgroups/difference-tests.js';
export type { Subgroup, SubgroupOptions, SubgroupTable } from './subgroups/subgroup-table.js';
export { subgroupTable } from './subgroups/subgroup-table.js';
export { npv, ppv, sensitivity, specificity } from './two-class-scores.js';
export { decidedLabels, pneumoniaScores, predictedLabels, twoClassLabels } from './two-class-view.js';
