// Replicas for the tests, and the problem they learn.
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, expect } from 'vitest';
import { type OpenReplicasOptions, openReplicas } from '../replicas/open-replicas.js';
import type { Replicas } from '../replicas/replicas.js';
import type { ReplicaModule } from '../replicas/serve-replica.js';
import { train } from '../train.js';
import type { TrainOptions } from '../train-options.js';
import { type LocalWorkers, localWorkers } from './local-workers.js';
import { toyModel, toySource } from './toy-problem.js';

/** The last batch holds 3 images. */
export const training = toySource({ sampleCount: 43, batchSize: 8, seed: 1 });
export const validation = toySource({ sampleCount: 24, batchSize: 10, seed: 2, shuffle: false });

const opened: { replicas: Replicas; local: LocalWorkers }[] = [];
afterEach(async () => {
  for (const { replicas, local } of opened.splice(0)) {
    await replicas.dispose();
    local.dispose();
  }
});

/** Opens replicas on workers of this thread; they end with the test. */
export async function openLocalReplicas(
  model: LayersModel,
  workers: number,
  change?: (worker: number) => Partial<ReplicaModule>,
  options: Partial<OpenReplicasOptions> = {},
) {
  const local = localWorkers(change);
  const replicas = await openReplicas({ model, workers, spawn: local.spawn, ...options });
  opened.push({ replicas, local });
  return { replicas, local };
}

/** Trains on so many workers, or on none at all. */
export async function trainOnReplicas(workers: number, options: Partial<TrainOptions> = {}) {
  const model = options.model ?? toyModel();
  const settings = { train: training, validation, epochs: 3, seed: 7, learningRate: 0.02, ...options, model };
  if (workers === 0) return { model, result: await train(settings), replicaModels: [] };
  const { replicas, local } = await openLocalReplicas(model, workers);
  const result = await train({ ...settings, replicas });
  await replicas.update(); // the best weights
  return { model, result, replicaModels: local.models };
}

/** The largest difference between two lists of the same length. */
export function furthest(left: readonly number[], right: readonly number[]): number {
  expect(left.length).toBe(right.length);
  return left.reduce((most, value, at) => Math.max(most, Math.abs(value - right[at]!)), 0);
}
