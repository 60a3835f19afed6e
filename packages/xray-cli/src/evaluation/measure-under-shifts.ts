import type { LayersModel } from '@tensorflow/tfjs-layers';
import { acquisitionShifts } from 'xray-augment';
import type { BatchSource, Predictions, ShiftEvaluation, ThresholdRule } from 'xray-core';
import { chooseThreshold, evaluateShifts, joinPredictions, type ShiftedPredictions } from 'xray-metrics';
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
  readonly predictions: Predictions;
  /** Chosen by the rule. */
  readonly threshold: number;
  /** Absent where the shifts were not asked for. */
  readonly shifts?: ShiftEvaluation | undefined;
}

/**
 * Predicts validation images, as they are and, where the rule or the caller wants it, under shifts, and chooses the threshold. Mild
 * and medium shifts count in the choice, as they occur; strong ones are measured only.
 */
export async function measureUnderShifts(
  model: LayersModel,
  source: BatchSource,
  split: ShiftEvaluation['split'],
  rule: ThresholdRule,
  options: PredictOptions,
  isAskedFor = true,
): Promise<ValidationUnderShifts> {
  const predictions = await predict(model, source, options);
  const underShifts = rule === 'youden-under-shifts';
  if (!isAskedFor && !underShifts) return { predictions, threshold: chooseThreshold(predictions, rule) };
  const shifted = await predictUnderShifts(model, source, options);
  const plausible = shifted.filter(({ strength }) => strength <= 2);
  const chosenOn = underShifts
    ? joinPredictions([predictions, ...plausible.map((shift) => shift.predictions)])
    : predictions;
  const copies = chosenOn.ids.length / predictions.ids.length;
  const threshold = chooseThreshold(chosenOn, rule, { copies });
  return { predictions, threshold, shifts: evaluateShifts(predictions, shifted, { threshold, split }) };
}
