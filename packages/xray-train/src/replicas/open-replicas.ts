import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Batch, checkWholeNumber, type OptionNames, refuseUnknownOptions, XrayError } from 'xray-core';
import { batchMemory, labelValues } from './batch-memory.js';
import { type ShardResult, sumGradients, weightedMean } from './combine-shards.js';
import { mapInOrder } from './map-in-order.js';
import type { ForwardReply, GradientsReply, ReplicaRequest, SharedBatch } from './messages.js';
import { mirrorMemory } from './mirrored-memory.js';
import { modelParts, trainableFlags } from './model-parts.js';
import { oneAtATime } from './one-at-a-time.js';
import type { BatchOutput, GradientOptions, Replicas } from './replicas.js';
import { shardsOf } from './shards.js';
import { storeWeights, weightBytes, weightMemory } from './weight-memory.js';
import { type SpawnWorker, startWorkers } from './worker-pool.js';

const OPTIONS: OptionNames<OpenReplicasOptions> = {
  model: true,
  workers: true,
  spawn: true,
  data: true,
  signal: true,
};

/** Batches under way per worker: one that it works on, one that waits in shared memory. */
const BATCHES_PER_WORKER = 2;

/** Options of `openReplicas`. */
export interface OpenReplicasOptions {
  /** Stays where it is; the workers hold copies. */
  model: LayersModel;
  /** How many. Physical cores are a good number; results depend on it by rounding only, but for batch norm. */
  workers: number;
  /**
   * `threadWorker`, or `processWorker` for native backends, of `xray-node-gpu` in Node, `webWorker` of
   * `xray-train/web-worker` in browsers.
   */
  spawn: SpawnWorker;
  /** Handed to the replica module; must be cloneable. @default undefined */
  data?: unknown;
  /** Ends the workers; what is under way is rejected with an `AbortedError`. */
  signal?: AbortSignal | undefined;
}

/**
 * Starts workers that hold copies of a model, for data-parallel training and parallel inference.
 *
 * Each worker runs a module of the program, which calls `serveReplica`. Batches, weights and gradients travel through
 * shared memory; all steps are taken by the optimizer of the program, so that replicas cannot drift apart.
 *
 * @throws {XrayError} `no-shared-memory` where there is no SharedArrayBuffer: a page that is not cross-origin isolated.
 * @throws {WorkerError} If a worker cannot start; later, from everything under way, if one fails.
 *
 * @example
 * const replicas = await openReplicas({ model, workers: physicalCores(),
 *   spawn: () => threadWorker(new URL('./replica.js', import.meta.url)) });
 * try {
 *   await train({ model, replicas, train: trainBatches, validation: validationBatches, epochs: 30, seed: 7 });
 * } finally {
 *   await replicas.dispose();
 * }
 */
export async function openReplicas(options: OpenReplicasOptions): Promise<Replicas> {
  refuseUnknownOptions('openReplicas', options, OPTIONS);
  const { model, workers, spawn, data, signal } = options;
  checkWholeNumber('workers', workers);
  checkSharedMemory();
  const parts = modelParts(model);
  const all = parts.weights.map((_, index) => index);
  const bytes = weightBytes(parts);
  const weightsBuffer = new SharedArrayBuffer(bytes);
  const weights = weightMemory(parts, weightsBuffer);
  const buffers = Array.from({ length: workers }, () => new SharedArrayBuffer(bytes));
  const results = buffers.map((buffer) => weightMemory(parts, buffer));
  /** Weights that changed since a worker's last request; a worker without a shard catches up later. */
  const stale = buffers.map(() => new Set<number>());
  const memory = batchMemory();
  const exclusive = oneAtATime();
  const layout = weights.map(({ byteLength }) => byteLength);
  const connect: SpawnWorker = (worker) => {
    const handle = spawn(worker);
    return handle.sharesMemory === false ? mirrorMemory(handle, layout) : handle;
  };
  const pool = startWorkers(connect, workers, signal);
  let moved: readonly number[] = [];

  function request<Reply>(worker: number, body: DistributiveOmit<ReplicaRequest, 'load'>): Promise<Reply> {
    const load = [...stale[worker]!];
    stale[worker]!.clear();
    return pool.request(worker, { ...body, load } as ReplicaRequest);
  }
  const requestAll = (body: (worker: number) => DistributiveOmit<ReplicaRequest, 'load'>) =>
    Promise.all(buffers.map((_, worker) => request<void>(worker, body(worker))));

  async function publish(indices: readonly number[]): Promise<void> {
    await storeWeights(parts, weights, indices);
    for (const set of stale) for (const index of indices) set.add(index);
  }
  async function updateAll(): Promise<void> {
    await publish(all);
    await requestAll(() => ({ type: 'update', flags: trainableFlags(parts) }));
  }

  async function computeGradients(batch: SharedBatch, { step, ...rest }: GradientOptions) {
    const { classWeights, labelSmoothing, microBatchSize } = rest;
    const trained = model.trainableWeights.map((weight) => parts.weights.indexOf(weight));
    await publish([...trained, ...moved]);
    const shards = shardsOf(batch.imageShape[0]!, workers);
    const active = shards.flatMap((shard, worker) => (shard.count > 0 ? [{ ...shard, worker }] : []));
    const replies = await Promise.all(
      active.map(({ worker, start, count }) =>
        request<GradientsReply>(worker, {
          type: 'gradients',
          ...{ batch, start, count, step, classWeights, labelSmoothing, microBatchSize },
        }),
      ),
    );
    const parted: ShardResult[] = active.map(({ worker, count }, index) => ({
      ...replies[index]!,
      count,
      values: results[worker]!,
    }));
    const loss = parted.reduce((sum, part) => sum + part.loss, 0);
    const correct = parted.reduce((sum, part) => sum + part.correct, 0);
    moved = [...new Set(parted.flatMap((part) => part.moved))];
    // A step that is not finite will not be taken: the moving averages stay, too, and the workers get them back.
    const averaged = Number.isFinite(loss) ? moved : [];
    tf.tidy(() => {
      for (const index of averaged) {
        const weight = parts.weights[index]!;
        weight.write(tf.tensor(weightedMean(parted, index), weight.shape as number[]));
      }
    });
    return { gradients: sumGradients(parted, trained, parts), loss, correct };
  }

  async function runForward({ images, labels, ids }: Batch): Promise<BatchOutput> {
    let batch: SharedBatch;
    try {
      batch = await memory.load({ images, labels, ids });
    } finally {
      tf.dispose([images, labels]);
    }
    const { values, shape } = await request<ForwardReply>(pool.idlest(), { type: 'forward', batch });
    const output = { ids, labels: labelValues(batch, 0, ids.length), values, shape };
    memory.release(batch);
    return output;
  }

  async function* mapBatches(batches: AsyncIterable<Batch>): AsyncGenerator<BatchOutput> {
    const release = exclusive.start();
    try {
      await updateAll();
      yield* mapInOrder(batches, workers * BATCHES_PER_WORKER, runForward);
    } finally {
      release();
    }
  }

  try {
    const topology = model.toJSON(null, false) as unknown as object;
    await requestAll((worker) => ({
      type: 'setup',
      ...{ worker, workers, topology, data },
      weights: weightsBuffer,
      results: buffers[worker]!,
    }));
  } catch (error) {
    await pool.dispose();
    throw error;
  }
  return {
    model,
    workers,
    update: () => exclusive.run(updateAll),
    load: (batch) => memory.load(batch),
    gradients: (batch, gradientOptions) =>
      exclusive.run(async () => {
        const result = await computeGradients(batch, gradientOptions);
        memory.release(batch);
        return result;
      }),
    mapBatches,
    dispose: () => pool.dispose(),
  };
}

/** `Omit` for each member of a union. */
type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

function checkSharedMemory(): void {
  if (typeof SharedArrayBuffer !== 'undefined') return;
  throw new XrayError(
    'no-shared-memory',
    'Replicas need SharedArrayBuffer, which browsers give to cross-origin isolated pages only. Serve the page with ' +
      '`Cross-Origin-Opener-Policy: same-origin` and `Cross-Origin-Embedder-Policy: require-corp`, or train without replicas.',
  );
}
