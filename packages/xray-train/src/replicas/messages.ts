import type { CrossEntropyOptions } from '../cross-entropy.js';
import type { ErrorMessage } from './worker-error.js';

/** A batch in shared memory: images, then labels, both float32. */
export interface SharedBatch {
  readonly memory: SharedArrayBuffer;
  /** `[batch, height, width, channels]` */
  readonly imageShape: readonly number[];
  readonly classes: number;
}

/** First message: what the replica is and where its shared memory lies. */
export interface SetupRequest {
  readonly type: 'setup';
  readonly worker: number;
  readonly workers: number;
  readonly topology: object;
  /** What the program hands to its replica module. */
  readonly data: unknown;
  /** float32 weights of the model, written by the program. */
  readonly weights: SharedArrayBuffer;
  /** Same layout, written by this worker: gradients, and the weights its forward pass changed. */
  readonly results: SharedArrayBuffer;
}

/** Which layers and weights train, in the order of `modelParts`. */
export interface TrainableFlags {
  readonly layers: readonly boolean[];
  readonly weights: readonly boolean[];
}

/** Takes over weights and trainable flags. */
export interface UpdateRequest {
  readonly type: 'update';
  readonly flags: TrainableFlags;
}

/** Gradients over images `start` to `start + count` of a batch. */
export interface GradientsRequest extends CrossEntropyOptions {
  readonly type: 'gradients';
  readonly batch: SharedBatch;
  readonly start: number;
  readonly count: number;
  readonly step: number;
  readonly microBatchSize: number;
}

/** Its answer. The gradients are in the worker's `results`, and so are the weights in `moved`. */
export interface GradientsReply {
  /** This shard's share of the mean loss over the batch. */
  readonly loss: number;
  readonly correct: number;
  /** Weights the forward pass changed: moving averages of batch norm. */
  readonly moved: readonly number[];
  /** Where `results` was written: the weights that have gradients, and those in `moved`. */
  readonly written: readonly number[];
}

/** The model's output for a whole batch. */
export interface ForwardRequest {
  readonly type: 'forward';
  readonly batch: SharedBatch;
}

export interface ForwardReply {
  readonly values: Float32Array<ArrayBuffer>;
  readonly shape: readonly number[];
}

/** `load` lists the weights that changed in shared memory since the worker's last request. */
export type ReplicaRequest = { readonly load: readonly number[] } & (
  | SetupRequest
  | UpdateRequest
  | GradientsRequest
  | ForwardRequest
);

/** A request on its way; requests are answered in order. */
export interface RequestMessage {
  readonly id: number;
  readonly request: ReplicaRequest;
}

export type ReplyMessage = { readonly id: number } & (
  | { readonly reply: unknown }
  | { readonly error: ErrorMessage }
);
