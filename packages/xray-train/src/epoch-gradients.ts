import * as tf from '@tensorflow/tfjs-core';
import { type Batch, throwIfAborted } from 'xray-core';
import { checkImages } from './check-images.js';
import { type Prefetched, prefetchNext } from './prefetch-next.js';
import type { SharedBatch } from './replicas/messages.js';
import type { TrainOptions } from './train-options.js';
import { type BatchGradients, batchGradients } from './training-gradients.js';

/** Gradients of one batch. Whoever receives them disposes `result.gradients`. */
export interface EpochGradients {
  readonly ids: readonly string[];
  readonly result: BatchGradients;
  /** Milliseconds in which nothing was computed because the batch was not there yet. */
  readonly stalled: number;
}

/**
 * Gradients of every batch of an epoch, after augmentation, at the weights the model has when each is asked for. The next
 * batch is prepared meanwhile.
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
  const batches: AsyncIterable<Prefetched<Batch>> = prefetchNext(
    augmentedBatches(options, epoch),
    disposeBatch,
  );
  for await (const { item: batch, waited: stalled } of batches) {
    try {
      throwIfAborted(options.signal, 'Training');
      const settings = { ...gradientOptions(options, stepOf()), forward: options.forward };
      const result = await batchGradients(options.model, variables, batch, settings);
      yield { ids: batch.ids, result, stalled };
    } finally {
      disposeBatch(batch);
    }
  }
}

async function* onReplicas(
  options: TrainOptions,
  replicas: NonNullable<TrainOptions['replicas']>,
  epoch: number,
  stepOf: () => number,
): AsyncGenerator<EpochGradients> {
  async function* sharedBatches(): AsyncGenerator<{ ids: readonly string[]; shared: SharedBatch }> {
    for await (const batch of augmentedBatches(options, epoch)) {
      let shared: SharedBatch;
      try {
        shared = await replicas.load(batch);
      } finally {
        disposeBatch(batch);
      }
      yield { ids: batch.ids, shared };
    }
  }
  for await (const { item, waited: stalled } of prefetchNext(sharedBatches(), () => {})) {
    throwIfAborted(options.signal, 'Training');
    const result = await replicas.gradients(item.shared, gradientOptions(options, stepOf()));
    yield { ids: item.ids, result, stalled };
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
      checkImages(options.model, trained.images);
    } catch (error) {
      disposeBatch(batch);
      throw error;
    }
    if (trained !== batch) disposeBatch(batch);
    yield trained;
  }
}

function disposeBatch({ images, labels }: Batch): void {
  tf.dispose([images, labels]);
}

function gradientOptions(options: TrainOptions, step: number) {
  const { classWeights, labelSmoothing, microBatchSize = options.train.batchSize } = options;
  return { classWeights, labelSmoothing, microBatchSize, step };
}
