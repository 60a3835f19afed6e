import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Forward, WorkerChannel } from 'xray-core';
import { announceStep } from '../announce-step.js';
import { batchGradients } from '../training-gradients.js';
import { readImages, readLabels } from './batch-memory.js';
import type {
  ForwardReply,
  ForwardRequest,
  GradientsReply,
  GradientsRequest,
  ReplicaRequest,
  ReplyMessage,
  RequestMessage,
  SetupRequest,
} from './messages.js';
import { unmirrorMemory } from './mirrored-memory.js';
import { applyTrainableFlags, type ModelParts, modelParts } from './model-parts.js';
import { loadWeights, storeWeights, type WeightMemory, weightMemory } from './weight-memory.js';
import { toErrorMessage } from './worker-error.js';

/** What a worker is told when it starts. */
export interface ReplicaSetup {
  /** The model's architecture, as `model.toJSON(null, false)` gives it. */
  readonly topology: object;
  /** What the program gave to `openReplicas`. */
  readonly data: unknown;
  /** Counts from 0. */
  readonly worker: number;
  readonly workers: number;
}

/** How a worker makes its copy of the model. */
export interface ReplicaModule {
  /** Makes a backend ready and builds the model, with any weights: they are replaced. */
  createModel(setup: ReplicaSetup): Promise<LayersModel>;
  /** A faster way to run it, such as `fuse` of `xray-wasm`. @default the model's own */
  createForward?(model: LayersModel): Forward;
}

/** A replica that has been set up. */
interface Replica {
  readonly model: LayersModel;
  readonly parts: ModelParts;
  readonly weights: WeightMemory;
  readonly results: WeightMemory;
  forward: Forward | undefined;
}

/**
 * Serves one replica in a worker: the module that a program names as its worker calls this once.
 *
 * @example
 * // replica.ts, started by `threadWorker(new URL('./replica.js', import.meta.url))`
 * serveReplica(threadChannel(), {
 *   async createModel({ topology }) {
 *     await selectDevice({ require: 'wasm' });
 *     return modelFromTopology(topology);
 *   },
 *   createForward: fuse,
 * });
 */
export function serveReplica(programChannel: WorkerChannel, module: ReplicaModule): void {
  const channel = programChannel.sharesMemory === false ? unmirrorMemory(programChannel) : programChannel;
  let replica: Replica | undefined;

  async function answer(request: ReplicaRequest): Promise<unknown> {
    if (request.type === 'setup') {
      replica = await createReplica(request, module);
      return undefined;
    }
    const { parts, weights } = replica!;
    loadWeights(parts, weights, request.load);
    if (request.type === 'gradients') return computeGradients(replica!, request);
    if (request.type === 'forward') return runForward(replica!, request);
    applyTrainableFlags(parts, request.flags);
    replica!.forward = module.createForward?.(replica!.model);
    return undefined;
  }

  async function serve({ id, request }: RequestMessage): Promise<void> {
    let message: ReplyMessage;
    try {
      message = { id, reply: await answer(request) };
    } catch (error) {
      message = { id, error: toErrorMessage(error) };
    }
    const values =
      'reply' in message ? (message.reply as Partial<ForwardReply> | undefined)?.values : undefined;
    channel.post(message, values ? [values.buffer] : []);
  }

  let last = Promise.resolve();
  channel.onMessage((message) => {
    last = last.then(() => serve(message as RequestMessage));
  });
}

async function createReplica(request: SetupRequest, module: ReplicaModule): Promise<Replica> {
  const { topology, data, worker, workers } = request;
  const model = await module.createModel({ topology, data, worker, workers });
  const parts = modelParts(model);
  return {
    model,
    parts,
    weights: weightMemory(parts, request.weights),
    results: weightMemory(parts, request.results),
    forward: module.createForward?.(model),
  };
}

async function computeGradients(replica: Replica, request: GradientsRequest): Promise<GradientsReply> {
  const { model, parts, results, forward } = replica;
  const { batch, start, count, step, microBatchSize, classWeights, labelSmoothing } = request;
  const trained = model.trainableWeights;
  const variables = trained.map((weight) => weight.read() as tf.Variable);
  // Assigning gives a variable a new id for its data: this finds the weights that the forward pass changes.
  const dataIds = parts.weights.map((weight) => weight.read().dataId);
  const images = readImages(batch, start, count);
  const labels = readLabels(batch, start, count);
  try {
    const { gradients, loss, correct } = await batchGradients(
      model,
      variables,
      { images, labels },
      {
        ...{ classWeights, labelSmoothing, microBatchSize, step, forward },
        sampleOffset: start,
        wholeSize: batch.imageShape[0]!,
      },
    );
    for (const [index, gradient] of gradients.entries()) {
      results[parts.weights.indexOf(trained[index]!)]!.set(await gradient.data());
    }
    tf.dispose(gradients);
    const moved = parts.weights.flatMap((weight, index) =>
      weight.read().dataId === dataIds[index] ? [] : [index],
    );
    await storeWeights(parts, results, moved);
    const written = [...trained.map((weight) => parts.weights.indexOf(weight)), ...moved];
    return { loss, correct, moved, written };
  } finally {
    tf.dispose([images, labels]);
    announceStep(model, undefined);
  }
}

async function runForward({ model, forward }: Replica, { batch }: ForwardRequest): Promise<ForwardReply> {
  const images = readImages(batch, 0, batch.imageShape[0]!);
  const output: tf.Tensor = tf.tidy(() =>
    forward ? forward(images, { training: false }) : (model.predict(images) as tf.Tensor),
  );
  try {
    return { values: Float32Array.from(await output.data()), shape: output.shape };
  } finally {
    tf.dispose([images, output]);
  }
}
