import type { LayersModel } from '@tensorflow/tfjs-layers';
import { acquisitionShifts } from 'xray-augment';
import {
  type BatchSource,
  InvalidArgumentError,
  type Predictions,
  type ShiftEvaluation,
  type ThresholdRule,
} from 'xray-core';
import {
  applyCalibrator,
  chooseThreshold,
  evaluateShifts,
  fitTemperature,
  joinPredictions,
  type ShiftedPredictions,
  type TemperatureScaling,
} from 'xray-metrics';
import { augmentedSource, type PredictOptions, predict } from 'xray-train';

/** Of the noise. */
const SEED = 0;

/** Predictions for the images of a source under every acquisition shift. */
export async function predictUnderShifts(
  model: LayersModel,
  source: BatchSource,
  options: PredictOptions,
): Promise<ShiftedPredictions[]> {
  const { onProgress, ...others } = options;
  const shifts = acquisitionShifts();
  const results: ShiftedPredictions[] = [];
  for (const { name, strength, setting, augmentation } of shifts) {
    const shifted = augmentedSource(source, [{ name, augmentation }], SEED);
    results.push({ name, strength, setting, predictions: await predict(model, shifted, others) });
    onProgress?.({
      type: 'predict',
      done: results.length * source.sampleCount,
      total: shifts.length * source.sampleCount,
    });
  }
  return results;
}

/** What validation says about a trained model. */
export interface ValidationUnderShifts {
  /** Calibrated, where that was asked for. */
  readonly predictions: Predictions;
  /** Chosen by the rule. */
  readonly threshold: number;
  /** Absent where the shifts were not asked for. */
  readonly shifts?: ShiftEvaluation | undefined;
  /** What the predictions were calibrated with; absent where they were not, or could not be. */
  readonly calibrator?: TemperatureScaling | undefined;
}

/** Options of `measureUnderShifts`. */
export interface MeasureOptions {
  /** Whether shifts are measured where the rule does not need them. @default true */
  readonly shifts?: boolean | undefined;
  /** Whether a temperature is fitted. @default false */
  readonly calibrate?: boolean | undefined;
}

/**
 * Predicts validation images, as they are and, where the rule or the caller wants it, under shifts, fits the temperature and chooses
 * the threshold. Mild and medium shifts count in both, as they occur; strong ones are measured only.
 */
export async function measureUnderShifts(
  model: LayersModel,
  source: BatchSource,
  split: ShiftEvaluation['split'],
  rule: ThresholdRule,
  options: PredictOptions,
  { shifts: isAskedFor = true, calibrate = false }: MeasureOptions = {},
): Promise<ValidationUnderShifts> {
  const plain = await predict(model, source, options);
  const underShifts = rule === 'youden-under-shifts';
  const shifted = isAskedFor || underShifts ? await predictUnderShifts(model, source, options) : [];
  const plausible = shifted.filter(({ strength }) => strength <= 2).map(({ predictions }) => predictions);
  const fittedOn = underShifts ? joinPredictions([plain, ...plausible]) : plain;
  const calibrator = calibrate ? temperatureOf(fittedOn) : undefined;
  const calibrated = (predictions: Predictions) =>
    calibrator ? applyCalibrator(predictions, calibrator) : predictions;
  const predictions = calibrated(plain);
  const copies = fittedOn.ids.length / plain.ids.length;
  const threshold = chooseThreshold(calibrated(fittedOn), rule, { copies });
  if (shifted.length === 0) return { predictions, threshold, calibrator };
  const measured = shifted.map((shift) => ({ ...shift, predictions: calibrated(shift.predictions) }));
  const shifts = evaluateShifts(predictions, measured, { threshold, split });
  return { predictions, threshold, shifts, calibrator };
}

/** `undefined` where no temperature is the best, as without any mistake. */
function temperatureOf(predictions: Predictions): TemperatureScaling | undefined {
  try {
    return fitTemperature(predictions);
  } catch (error) {
    if (error instanceof InvalidArgumentError) return undefined;
    throw error;
  }
}
