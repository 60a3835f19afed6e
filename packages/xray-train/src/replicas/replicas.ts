import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batch } from 'xray-core';
import type { CrossEntropyOptions } from '../cross-entropy.js';
import type { BatchGradients } from '../training-gradients.js';
import type { SharedBatch } from './messages.js';

/** The model's output for one batch. */
export interface BatchOutput {
  readonly ids: readonly string[];
  /** float32 `[batch, classes]`, row after row. */
  readonly labels: Float32Array;
  /** float32 output of `shape`, row after row. */
  readonly values: Float32Array;
  /** Any rank; the first number is the batch. */
  readonly shape: readonly number[];
}

/** How gradients of a batch are computed. */
export interface GradientOptions extends CrossEntropyOptions {
  /** Optimizer steps taken so far. */
  readonly step: number;
  /** Images per forward and backward pass in each worker. */
  readonly microBatchSize: number;
}

/**
 * Copies of a model in workers, each with its own backend. `train`, `predict` and `evaluate` take them; they do one
 * thing at a time.
 */
export interface Replicas {
  readonly model: LayersModel;
  readonly workers: number;
  /** Gives the replicas the model's weights and trainable flags as they are now. */
  update(): Promise<void>;
  /** Copies a batch to shared memory; its tensors stay as they are. `gradients` gives the memory back. */
  load(batch: Batch): Promise<SharedBatch>;
  /**
   * Gives the replicas the weights that train, and sums the gradients of their shards in the order of the workers.
   * Weights that the forward pass changes (moving averages of batch norm) become their mean over the shards, by
   * images, in `model` and in all replicas.
   *
   * @returns Gradients in the order of `model.trainableWeights`; the caller disposes them.
   */
  gradients(batch: SharedBatch, options: GradientOptions): Promise<BatchGradients>;
  /**
   * Runs the model over whole batches, each in one worker, without dropout: probabilities, or the features of a
   * frozen base. Results come in the order of the batches. At most two batches per worker are under way, and none is
   * taken while that many wait to be read. The batches are disposed.
   *
   * @example
   * for await (const { ids, values, shape } of replicas.mapBatches(source.epoch(0))) await save(ids, values, shape);
   */
  mapBatches(batches: AsyncIterable<Batch>): AsyncGenerator<BatchOutput>;
  /** Ends the workers. The model stays. */
  dispose(): Promise<void>;
}
