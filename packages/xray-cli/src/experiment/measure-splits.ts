import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Evaluation, Predictions } from 'xray-core';
import { evaluatePredictions } from 'xray-metrics';
import { predict } from 'xray-train';
import { measureUnderShifts } from '../evaluation/measure-under-shifts.js';
import type { ExperimentRun } from './experiment-run.js';

/** Predictions for a split, and what they come to. */
export interface MeasuredSplit {
  readonly predictions: Predictions;
  readonly evaluation: Evaluation;
}

/** Every choice is made on validation; the test split is touched once, here, in the end. */
export async function measureSplits(
  model: LayersModel,
  run: ExperimentRun,
): Promise<{ validation: MeasuredSplit; test: MeasuredSplit }> {
  const { context, options, splits, batches } = run;
  const { recipe, seed, asPublished } = options;
  const thresholdRule = asPublished ? 'half' : recipe.thresholdRule;
  const { signal, onProgress } = context;
  const how = await run.accelerate(model);
  try {
    const onValidation = await measureUnderShifts(
      model,
      batches(splits.validation),
      'validation',
      thresholdRule,
      { ...how, signal, onProgress },
      recipe.shifts,
    );
    const { threshold, shifts } = onValidation;
    const onTest = await predict(model, batches(splits.test), { ...how, signal, onProgress });
    const measure = async (predictions: Predictions) => {
      const evaluation = await evaluatePredictions(predictions, {
        threshold,
        thresholdRule,
        intervals: { seed },
        signal,
        onProgress,
      });
      return { predictions, evaluation };
    };
    const test = await measure(onTest);
    return {
      validation: await measure(onValidation.predictions),
      test: shifts ? { ...test, evaluation: { ...test.evaluation, shifts } } : test,
    };
  } finally {
    await how.replicas?.dispose();
  }
}
