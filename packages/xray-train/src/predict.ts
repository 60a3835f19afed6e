import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  type BatchSource,
  checkOutputs,
  copiesOfBatches,
  type Forward,
  InvalidArgumentError,
  meansOfCopies,
  type OptionNames,
  type Predictions,
  type ProgressCallback,
  refuseUnknownOptions,
  type TestTimeAugmentation,
  testTimeCopies,
  throwIfAborted,
  yieldToEventLoop,
} from 'xray-core';
import type { Replicas } from './replicas/replicas.js';
import { runModel } from './run-model.js';

const OPTIONS: OptionNames<PredictOptions> = {
  signal: true,
  onProgress: true,
  forward: true,
  replicas: true,
  testTimeAugmentation: true,
};

/** Options of `predict`. */
export interface PredictOptions {
  /** Stops between two batches with an `AbortedError`. */
  signal?: AbortSignal | undefined;
  onProgress?: ProgressCallback | undefined;
  /** Runs the model instead of `model.predict`, as `fuse(model)` of `xray-wasm` does. @default the model's own */
  forward?: Forward | undefined;
  /** Workers with copies of the model, from `openReplicas`; they run it by their own `forward`. @default none */
  replicas?: Replicas | undefined;
  /**
   * Gives each image the mean of the probabilities of changed copies of it. Costs as many forward passes as there are
   * copies. @default none
   */
  testTimeAugmentation?: TestTimeAugmentation | undefined;
}

/**
 * Runs a model over all batches of a source, without dropout, and without augmentation unless asked for.
 *
 * @returns Ids, patients (where the source knows them), labels and probabilities in the order of the batches; labels are the most likely class. With
 *   `testTimeAugmentation`, probabilities are arithmetic means over the copies of an image, and `testTimeAugmentation`
 *   says so. Same seed, same means, whatever the batch size and the number of workers, but for rounding.
 * @throws {InvalidArgumentError} If `testTimeAugmentation.draws` is no whole number from 1 up.
 * @throws {InvalidArgumentError} If the model has several inputs or outputs, or the source gives another number of images
 *   than it says.
 * @throws {ClassMismatchError} If the model gives another number of probabilities than the source has classes.
 *
 * @example
 * const predictions = await predict(model, createBatches({ store, samples, classList, batchSize: 32, shuffle: false, seed: 7 }));
 */
export async function predict(
  model: LayersModel,
  source: BatchSource,
  options: PredictOptions = {},
): Promise<Predictions> {
  refuseUnknownOptions('predict', options, OPTIONS);
  const { signal, onProgress, replicas } = options;
  checkModelClasses(model, source);
  checkReplicas(model, replicas);
  const classes = source.classList.names.length;
  const ids: string[] = [];
  const labels = new Int32Array(source.sampleCount);
  const probabilities = new Float32Array(source.sampleCount * classes);
  const copies = options.testTimeAugmentation && testTimeCopies(options.testTimeAugmentation);
  const once = source.epoch(0, signal ? { signal } : {});
  const batches = copies ? copiesOfBatches(once, copies) : once;
  const each = replicas ? replicas.mapBatches(batches) : runModel(model, batches, options.forward);
  for await (const output of copies ? meansOfCopies(each, copies) : each) {
    throwIfAborted(signal, 'Prediction');
    if (ids.length + output.ids.length > source.sampleCount) throw wrongCount(source, 'more');
    probabilities.set(output.values, ids.length * classes);
    output.ids.forEach((id, image) => {
      const row = output.labels.subarray(image * classes, (image + 1) * classes);
      labels[ids.length] = row.indexOf(Math.max(...row));
      ids.push(id);
    });
    onProgress?.({ type: 'predict', done: ids.length, total: source.sampleCount });
    await yieldToEventLoop();
  }
  if (ids.length < source.sampleCount) throw wrongCount(source, ids.length);
  const record = copies && { testTimeAugmentation: copies.record };
  const patientIds = source.patients && ids.map((id) => source.patients!.get(id) ?? id);
  return {
    ids,
    ...(patientIds && { patientIds }),
    classNames: [...source.classList.names],
    labels,
    probabilities,
    ...record,
  };
}

function wrongCount({ sampleCount }: BatchSource, received: number | 'more'): InvalidArgumentError {
  return new InvalidArgumentError({
    argument: 'source',
    expected: `one that gives ${sampleCount} images, as its \`sampleCount\` says`,
    received,
  });
}

/** @internal */
export function checkReplicas(model: LayersModel, replicas: Replicas | undefined): void {
  if (replicas === undefined || replicas.model === model) return;
  throw new InvalidArgumentError({
    argument: 'replicas',
    expected: `copies of the model that is used (${model.name})`,
    received: replicas.model.name,
    fix: 'Open replicas of this model.',
  });
}

/** @internal */
export function checkModelClasses(model: LayersModel, { classList }: BatchSource): void {
  const [inputs, outputs] = [model.inputs?.length, model.outputs?.length];
  if (inputs > 1 || outputs > 1) {
    throw new InvalidArgumentError({
      argument: 'model',
      expected: 'a model with one input and one output',
      received: { name: model.name, inputs, outputs },
    });
  }
  const fix = `Build it with \`classes: ${classList.names.length}\`, or pick the class list it was trained with.`;
  checkOutputs(classList, model.outputShape, fix);
}
