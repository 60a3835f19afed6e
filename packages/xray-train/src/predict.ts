import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  type BatchSource,
  checkOutputs,
  type Forward,
  type Predictions,
  type ProgressCallback,
  throwIfAborted,
  yieldToEventLoop,
} from 'xray-core';

/** Options of `predict`. */
export interface PredictOptions {
  /** Stops between two batches with an `AbortedError`. */
  signal?: AbortSignal | undefined;
  onProgress?: ProgressCallback | undefined;
  /** Runs the model instead of `model.predict`, as `fuse(model)` of `xray-wasm` does. @default the model's own */
  forward?: Forward | undefined;
}

/**
 * Runs a model over all batches of a source, without dropout or augmentation.
 *
 * @returns Ids, labels and probabilities in the order of the batches; labels are the most likely class.
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
  const { signal, onProgress, forward } = options;
  checkModelClasses(model, source);
  const classes = source.classList.names.length;
  const ids: string[] = [];
  const labels = new Int32Array(source.sampleCount);
  const probabilities = new Float32Array(source.sampleCount * classes);
  for await (const batch of source.epoch(0, signal ? { signal } : {})) {
    try {
      throwIfAborted(signal, 'Prediction');
      const output = tf.tidy(() =>
        forward ? forward(batch.images, { training: false }) : (model.predict(batch.images) as tf.Tensor),
      );
      const truth = tf.tidy(() => tf.argMax(batch.labels, 1));
      probabilities.set(await output.data(), ids.length * classes);
      labels.set(await truth.data(), ids.length);
      tf.dispose([output, truth]);
    } finally {
      tf.dispose([batch.images, batch.labels]);
    }
    ids.push(...batch.ids);
    onProgress?.({ type: 'predict', done: ids.length, total: source.sampleCount });
    await yieldToEventLoop();
  }
  return { ids, classNames: [...source.classList.names], labels, probabilities };
}

/** @internal */
export function checkModelClasses(model: LayersModel, { classList }: BatchSource): void {
  const fix = `Build it with \`classes: ${classList.names.length}\`, or pick the class list it was trained with.`;
  checkOutputs(classList, model.outputShape, fix);
}
