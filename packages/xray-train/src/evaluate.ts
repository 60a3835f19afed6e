import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { BatchSource, Evaluation, Predictions } from 'xray-core';
import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { type EvaluateOptions as EvaluatePredictionsOptions, evaluatePredictions } from 'xray-metrics';
import { type PredictOptions, predict } from './predict.js';

const OPTIONS: OptionNames<EvaluateOptions> = {
  signal: true,
  onProgress: true,
  forward: true,
  replicas: true,
  testTimeAugmentation: true,
  threshold: true,
  thresholdRule: true,
  thresholdFrom: true,
  intervals: true,
};

/** Options of `evaluate`: those of `predict` and of `evaluatePredictions` of xray-metrics. */
export type EvaluateOptions = PredictOptions & EvaluatePredictionsOptions;

/**
 * Predicts a side of the data and measures the result.
 *
 * @example
 * const { evaluation } = await evaluate(model, testBatches, { threshold: 0.41, intervals: { seed: 7 } });
 */
export async function evaluate(
  model: LayersModel,
  source: BatchSource,
  options: EvaluateOptions = {},
): Promise<{ predictions: Predictions; evaluation: Evaluation }> {
  refuseUnknownOptions('evaluate', options, OPTIONS);
  const { signal, onProgress, forward, replicas, testTimeAugmentation, ...rest } = options;
  const how = { signal, onProgress, forward, replicas, testTimeAugmentation };
  const predictions = await predict(model, source, how);
  return { predictions, evaluation: await evaluatePredictions(predictions, { ...rest, signal, onProgress }) };
}
