import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { BatchSource, ClassList, Forward, ProgressCallback, Sample } from 'xray-core';
import type { PixelStore, Splits } from 'xray-dataset';
import type { Device } from 'xray-node-gpu';
import type { CheckpointStore, Replicas, TrainOptions } from 'xray-train';
import type { RunFolder } from '../run-folder/run-folder.js';
import type { CompleteOptions } from './experiment-options.js';

/** Where an experiment computes, and whom it tells. */
export interface ExperimentContext {
  readonly device: Device;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ProgressCallback;
  /** Tells people a sentence. */
  say(text: string): void;
}

/** What an experiment has in hand when it builds and trains its network. */
export interface ExperimentRun {
  readonly context: ExperimentContext;
  readonly options: CompleteOptions;
  readonly folder: RunFolder;
  readonly classList: ClassList;
  readonly store: PixelStore;
  readonly splits: Splits;
  /** SHA-256 of the decoded pixels. */
  readonly dataSha256: string;
  /** Everything `train` needs but the model. */
  readonly training: Omit<TrainOptions, 'model'>;
  /** Where a training beside the main one keeps its checkpoints. */
  checkpointsOf(name: string): CheckpointStore;
  /** Batches of any of the splits. */
  batches(samples: readonly Sample[], shuffle?: boolean): BatchSource;
  /**
   * The fastest ways to run a model: fused on this thread, and in workers, which the caller disposes.
   *
   * @param inWorkers - `false` for this thread only. @default true
   */
  accelerate(model: LayersModel, inWorkers?: boolean): Promise<Acceleration>;
}

/** For `train`, `predict` and `extractFeatures`. */
export interface Acceleration {
  readonly forward: Forward | undefined;
  readonly replicas: Replicas | undefined;
}
