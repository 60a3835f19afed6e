import type { LayersModel } from '@tensorflow/tfjs-layers';
import { acquisitionShifts } from 'xray-augment';
import type { BatchSource, ShiftScores } from 'xray-core';
import type { ShiftedPredictions } from 'xray-metrics';
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

/** Whether a threshold is chosen on images under this shift, too: mild and medium ones, as they occur. */
export const isPlausible = ({ strength }: Pick<ShiftScores, 'strength'>) => strength <= 2;
