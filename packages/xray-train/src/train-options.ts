import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Augmentation, BatchSource, Forward, ProgressCallback } from 'xray-core';
import type { CheckpointStore } from './checkpoints/checkpoint.js';
import type { CrossEntropyOptions } from './cross-entropy.js';
import type { LearningRateSchedule } from './learning-rate.js';
import type { Optimizer } from './optimizers/optimizer.js';
import type { Replicas } from './replicas/replicas.js';
import type { AverageWeightsOptions } from './weight-average.js';

/** What an epoch measured; a record of numbers, so that reports and events take it as it is. `val_` is the validation side, without dropout or augmentation. */
export type EpochLogs = {
  /** Counts from 0. */
  readonly epoch: number;
  /** Mean training loss over the epoch, weighted and smoothed as trained on. */
  readonly loss: number;
  /** Training accuracy over the epoch, with dropout and augmentation on. */
  readonly accuracy: number;
  /** Plain cross-entropy, without class weights and smoothing. */
  readonly val_loss: number;
  readonly val_accuracy: number;
  /** Pneumonia against the negative class; absent when validation holds one class only. */
  readonly val_auroc?: number | undefined;
  /** Plain cross-entropy of `shiftedValidation`, where it is given. */
  readonly val_shifted_loss?: number | undefined;
  /** AUROC of all its images taken together: how well one threshold can serve all of them. */
  readonly val_shifted_auroc?: number | undefined;
  /** Of the epoch's last step. */
  readonly learning_rate: number;
  /** Wall-clock time of the epoch, validation included. */
  readonly seconds: number;
  /** Share in [0, 1] of the time of training in which nothing was computed because the next batch was not there. */
  readonly stall_share: number;
};

/** A number in `EpochLogs` that can be watched. */
export type MonitoredValue =
  | 'loss'
  | 'accuracy'
  | 'val_loss'
  | 'val_accuracy'
  | 'val_auroc'
  | 'val_shifted_loss'
  | 'val_shifted_auroc';

/** When to stop, and which epoch counts as the best. */
export interface EarlyStopping {
  /** @default 'val_loss' */
  monitor?: MonitoredValue | undefined;
  /** Which direction is better. Required with another `monitor`: guessing it from the name gets AUROC wrong. */
  mode?: 'min' | 'max' | undefined;
  /** Epochs without improvement before training stops. @default Infinity (never stops) */
  patience?: number | undefined;
}

/** Options of `train`. */
export interface TrainOptions extends CrossEntropyOptions {
  /** Takes `[batch, height, width, channels]` in `[0, 1]`, gives probabilities `[batch, classes]`. Changed in place. */
  model: LayersModel;
  train: BatchSource;
  validation: BatchSource;
  /**
   * Validation images changed as those from elsewhere differ (`augmentedSource` of this package with `acquisitionShifts` of
   * `xray-augment`), measured after every epoch as `val_shifted_loss` and `val_shifted_auroc`, so that the best epoch can be
   * chosen by them. @default not measured
   */
  shiftedValidation?: BatchSource | undefined;
  /** Most epochs to train. */
  epochs: number;
  /** Drives the augmentation; record it with the result. The sources and the model have been given it already. */
  seed: number;
  /** Its state begins anew, or is that of the run that `resume` continues. @default adam() */
  optimizer?: Optimizer | undefined;
  /** A number means the same rate at every step. @default 1e-4 */
  learningRate?: number | LearningRateSchedule | undefined;
  /** Largest length of all gradients of a step taken as one vector; longer ones are shortened to it. @default none */
  clipNorm?: number | undefined;
  /**
   * Validates, and ends with, a moving average of the weights, which swings less than they do. Moving statistics of
   * batch norm are averaged, too. @default none
   */
  averageWeights?: AverageWeightsOptions | undefined;
  /**
   * Runs the model instead of `model.apply`, in training and validation: `fuse(model)` of `xray-wasm`. It must read the
   * weights of `model`.
   *
   * @default the model's own
   */
  forward?: Forward | undefined;
  /**
   * Workers with copies of `model`, from `openReplicas`: each computes the gradients of a shard of every batch, and
   * validation runs on all of them. They run the model by their own `forward`. The result differs from that of one
   * worker by rounding only, but for batch norm, whose statistics are those of a shard's micro-batch. The caller
   * disposes them.
   *
   * @default the model itself computes everything
   */
  replicas?: Replicas | undefined;
  /** Applied to every training batch. @default none */
  augmentation?: Augmentation | undefined;
  /**
   * Images per forward and backward pass (of each worker); gradients are summed up to the whole batch. It bounds memory and, but
   * for batch norm (whose statistics are those of the micro-batch), changes the result by rounding only.
   *
   * @default the whole batch
   */
  microBatchSize?: number | undefined;
  /** @default `{ monitor: 'val_loss', mode: 'min', patience: Infinity }` */
  earlyStopping?: EarlyStopping | undefined;
  /** Which weights the model has in the end. `last` repeats the reference study's mistake. @default 'best' */
  keepWeights?: 'best' | 'last' | undefined;
  /** Written after every epoch: `last` and `best-epoch-<n>`. @default none */
  checkpoints?: CheckpointStore | undefined;
  /**
   * Asked before every epoch but the first, with the epochs so far: training ends with the weights that `keepWeights` names if it
   * says `true`. @default never
   */
  stopWhen?: ((history: readonly EpochLogs[]) => boolean) | undefined;
  /** Continue after the last finished epoch found in `checkpoints`; from the start if there is none. @default false */
  resume?: boolean | undefined;
  /** Stops between two batches with an `AbortedError`; `checkpoints` then hold the last finished epoch. */
  signal?: AbortSignal | undefined;
  onProgress?: ProgressCallback | undefined;
}

/** How a training went. */
export interface TrainResult {
  /** One entry per epoch, resumed ones included. */
  readonly history: readonly EpochLogs[];
  /** Counts from 0. */
  readonly bestEpoch: number;
  /** `stopped` is what `stopWhen` did. */
  readonly reason: 'completed' | 'early-stopping' | 'stopped';
  /** Optimizer steps taken in all. */
  readonly steps: number;
}
