import type { EpochLogs } from '../train-options.js';

/** Facts two runs must share for one to continue the other. */
export interface RunFingerprint {
  readonly seed: number;
  readonly classNames: readonly string[];
  readonly trainSamples: number;
  readonly validationSamples: number;
  /** Stands for the ids of the training samples in the order of the first epoch: other samples, another order, another text. */
  readonly trainIds: string;
  readonly validationIds: string;
  readonly batchSize: number;
  readonly microBatchSize: number;
  /** Each takes a shard of every batch, which changes the rounding. */
  readonly workers: number;
  readonly optimizer: string;
  /** At steps 0, 1, 1,000 and 100,000. */
  readonly learningRates: readonly number[];
  readonly classWeights: readonly number[] | null;
  readonly labelSmoothing: number;
  /** Largest length of the gradients. */
  readonly clipNorm: number | null;
  /** Of the moving average of the weights. */
  readonly averageDecay: number | null;
  /** What decides which epoch is the best, for example `min val_loss`; the patience may change. */
  readonly monitor: string;
  /** In the order of the layers, for example `3x3x1x32`; those that the optimizer does not change end in ` frozen`. */
  readonly weightShapes: readonly string[];
}

/** State after a finished epoch. */
export interface CheckpointFacts {
  readonly fingerprint: RunFingerprint;
  /** Last finished epoch; counts from 0. */
  readonly epoch: number;
  /** Optimizer steps taken. */
  readonly step: number;
  readonly history: readonly EpochLogs[];
  readonly bestEpoch: number;
}

/** What is written after every epoch. */
export interface Checkpoint {
  readonly facts: CheckpointFacts;
  /** float32 values of every weight, in the model's order. */
  readonly weights: readonly Float32Array[];
  /** The moving average of the weights, in the same order; empty where there is none and in a checkpoint of best weights. */
  readonly average: readonly Float32Array[];
  /** float32 values of the optimizer's state; empty in a checkpoint of best weights. */
  readonly optimizer: readonly Float32Array[];
}

/**
 * Where checkpoints live: a folder in Node (`fileCheckpoints` of `xray-train/node`), memory, or a database in
 * the browser. A write is atomic: after a crash `read` gives the old content or the new one.
 */
export interface CheckpointStore {
  /** `undefined` when there is none of that name; an error when there is one and it is damaged. */
  read(name: string): Promise<Checkpoint | undefined>;
  /** Replaces the checkpoint of that name. */
  write(name: string, checkpoint: Checkpoint): Promise<void>;
  /** Does nothing when there is none of that name. */
  remove(name: string): Promise<void>;
}

/** Checkpoints that live as long as the process; for tests and short runs. */
export function memoryCheckpoints(): CheckpointStore {
  const checkpoints = new Map<string, Checkpoint>();
  return {
    read: async (name) => checkpoints.get(name),
    write: async (name, checkpoint) => void checkpoints.set(name, checkpoint),
    remove: async (name) => void checkpoints.delete(name),
  };
}
