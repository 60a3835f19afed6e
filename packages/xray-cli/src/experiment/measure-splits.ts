import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Evaluation, InvalidArgumentError, type Predictions } from 'xray-core';
import { evaluatePredictions, type TemperatureScaling } from 'xray-metrics';
import { calibrateModel } from 'xray-models';
import { predict } from 'xray-train';
import { measureUnderShifts } from '../evaluation/measure-under-shifts.js';
import type { ExperimentRun } from './experiment-run.js';

/** Predictions for a split, and what they come to. */
export interface MeasuredSplit {
  readonly predictions: Predictions;
  readonly evaluation: Evaluation;
}

/** What validation and test say. */
export interface MeasuredSplits {
  readonly validation: MeasuredSplit;
  readonly test: MeasuredSplit;
  /** What was built into the model. */
  readonly calibrator: TemperatureScaling | undefined;
}

/** Every choice is made on validation; the test split is touched once, here, in the end. */
export async function measureSplits(model: LayersModel, run: ExperimentRun): Promise<MeasuredSplits> {
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
      { shifts: recipe.shifts, calibrate: recipe.calibration === 'temperature' && takesTemperature(model) },
    );
    const { threshold, shifts, calibrator } = onValidation;
    if (calibrator) {
      calibrateModel(model, calibrator);
      await how.replicas?.update();
      context.say(`Calibrated on validation: temperature ${calibrator.temperature.toFixed(3)}.`);
    }
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
      calibrator,
      validation: await measure(onValidation.predictions),
      test: shifts ? { ...test, evaluation: { ...test.evaluation, shifts } } : test,
    };
  } finally {
    await how.replicas?.dispose();
  }
}

/** Whether the network ends as temperature scaling needs it; a network of one's own may not. */
function takesTemperature(model: LayersModel): boolean {
  try {
    calibrateModel(model, { method: 'temperature', temperature: 1 });
    return true;
  } catch (error) {
    if (error instanceof InvalidArgumentError) return false;
    throw error;
  }
}
