import * as tf from '@tensorflow/tfjs-core';
import { type Batch, throwIfAborted, yieldToEventLoop } from 'xray-core';
import type { TrainOptions } from './train-options.js';
import { type BatchGradients, batchGradients } from './training-gradients.js';

/** Gradients of one batch. Whoever receives them disposes `result.gradients`. */
export interface EpochGradients {
  readonly ids: readonly string[];
  readonly result: BatchGradients;
}

/**
 * Gradients of every batch of an epoch, after augmentation, at the weights the model has when each is asked for.
 *
 * @param stepOf - Optimizer steps taken so far; read for each batch.
 */
export function epochGradients(
  options: TrainOptions,
  variables: tf.Variable[],
  epoch: number,
  stepOf: () => number,
): AsyncGenerator<EpochGradients> {
  return options.replicas
    ? onReplicas(options, options.replicas, epoch, stepOf)
    : onThisThread(options, variables, epoch, stepOf);
}

async function* onThisThread(
  options: TrainOptions,
  variables: tf.Variable[],
  epoch: number,
  stepOf: () => number,
): AsyncGenerator<EpochGradients> {
  for await (const batch of augmentedBatches(options, epoch)) {
    const settings = { ...gradientOptions(options, stepOf()), forward: options.forward };
    try {
      yield { ids: batch.ids, result: await batchGradients(options.model, variables, batch, settings) };
    } finally {
      tf.dispose([batch.images, batch.labels]);
    }
  }
}

/** While the workers compute, the next batch is prepared and copied to shared memory. */
async function* onReplicas(
  options: TrainOptions,
  replicas: NonNullable<TrainOptions['replicas']>,
  epoch: number,
  stepOf: () => number,
): AsyncGenerator<EpochGradients> {
  const batches = augmentedBatches(options, epoch);
  async function loadNext() {
    const next = await batches.next();
    if (next.done) return undefined;
    const { images, labels, ids } = next.value;
    try {
      return { ids, shared: await replicas.load(next.value) };
    } finally {
      tf.dispose([images, labels]);
    }
  }
  let upcoming = loadNext();
  try {
    for (let batch = await upcoming; batch; batch = await upcoming) {
      throwIfAborted(options.signal, 'Training');
      const computing = replicas.gradients(batch.shared, gradientOptions(options, stepOf()));
      upcoming = yieldToEventLoop().then(loadNext); // once the workers have been asked
      upcoming.catch(() => {}); // it is awaited in its turn, or not at all when this batch fails
      yield { ids: batch.ids, result: await computing };
    }
  } finally {
    await upcoming.catch(() => {});
    await batches.return(undefined);
  }
}

/** The batches as they are trained on. Whoever receives one disposes it. */
async function* augmentedBatches(options: TrainOptions, epoch: number): AsyncGenerator<Batch> {
  const { train: source, augmentation, seed, signal } = options;
  for await (const batch of source.epoch(epoch, signal ? { signal } : {})) {
    let trained = batch;
    try {
      throwIfAborted(signal, 'Training');
      if (augmentation) trained = augmentation(batch, { seed, epoch });
    } catch (error) {
      tf.dispose([batch.images, batch.labels]);
      throw error;
    }
    if (trained !== batch) tf.dispose([batch.images, batch.labels]);
    yield trained;
  }
}

function gradientOptions(options: TrainOptions, step: number) {
  const { classWeights, labelSmoothing, microBatchSize = options.train.batchSize } = options;
  return { classWeights, labelSmoothing, microBatchSize, step };
}
