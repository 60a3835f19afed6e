import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { REPLICA, type ReplicaData } from 'xray-cli/program';
import type { Batch } from 'xray-core';
import { createCnn } from 'xray-models';
import { threadWorker } from 'xray-node-gpu';
import { adam, openReplicas, type Replicas } from 'xray-train';
import { countOperations } from './count-operations.js';
import { createClassifier } from './inception-v3.js';
import { type BenchContext, type BenchRow, type Entry, timeEntries } from './section.js';

const BATCH = 32;
const MICRO_BATCH = 8;
const WASM: ReplicaData = { device: 'wasm', memoryLimit: undefined };

/** Both networks on 1, 2, 4 and so on workers, in turns: batches of 32 images, divided among them. */
export async function benchWorkers(context: BenchContext): Promise<BenchRow[]> {
  const { imageSize, rounds } = context;
  const cnn = createCnn({ imageShape: [imageSize, imageSize, 3] });
  return [
    ...(await timeWorkers('reference CNN', cnn, context)),
    // A step takes seconds.
    ...(await timeWorkers('InceptionV3', createClassifier(imageSize), {
      ...context,
      rounds: Math.min(rounds, 2),
    })),
  ];
}

/** @param model - Is disposed in the end. */
async function timeWorkers(network: string, model: LayersModel, context: BenchContext): Promise<BenchRow[]> {
  const { imageSize, workers, signal } = context;
  const operations = countOperations(model);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const optimizer = adam();
  const batch = randomBatch(imageSize);
  const opened: Replicas[] = [];

  async function trainingStep(replicas: Replicas): Promise<void> {
    const shared = await replicas.load(batch);
    const { gradients } = await replicas.gradients(shared, { step: 0, microBatchSize: MICRO_BATCH });
    optimizer.step(variables, gradients, 1e-5);
    tf.dispose(gradients);
  }
  async function forwardPasses(replicas: Replicas): Promise<void> {
    for await (const _ of replicas.mapBatches(partsOf(batch))); // the results do not matter here
  }
  try {
    for (const count of countsUpTo(workers)) {
      const spawn = () => threadWorker(REPLICA);
      opened.push(await openReplicas({ model, workers: count, spawn, data: WASM, signal }));
    }
    const entries = (['training step', 'forward pass'] as const).flatMap((work): Entry[] =>
      opened.map((replicas) => ({
        ...{ work: `${work}, ${network}`, images: BATCH },
        on: replicas.workers === 1 ? '1 worker' : `${replicas.workers} workers`,
        gigaOperations: (work === 'forward pass' ? operations.forward : operations.step) / 1e9,
        run: () => (work === 'forward pass' ? forwardPasses(replicas) : trainingStep(replicas)),
      })),
    );
    return await timeEntries('workers', entries, context);
  } finally {
    for (const replicas of opened) await replicas.dispose();
    tf.dispose([batch.images, batch.labels]);
    optimizer.dispose();
    model.dispose();
  }
}

/** 1, 2, 4 and so on, and the last one. */
function countsUpTo(most: number): number[] {
  const counts = [];
  for (let count = 1; count < most; count *= 2) counts.push(count);
  return [...counts, most];
}

function randomBatch(size: number): Batch {
  return {
    images: tf.randomUniform<tf.Rank.R4>([BATCH, size, size, 3], 0, 1, 'float32', 1),
    labels: tf.tensor2d(Array.from({ length: BATCH }, (_, index) => [index % 2, (index + 1) % 2])),
    ids: Array.from({ length: BATCH }, (_, index) => String(index)),
  };
}

/** As small batches, which belong to whoever takes them. */
async function* partsOf({ images, labels, ids }: Batch): AsyncGenerator<Batch> {
  for (let start = 0; start < BATCH; start += MICRO_BATCH) {
    yield {
      images: tf.slice(images, [start, 0, 0, 0], [MICRO_BATCH, -1, -1, -1]),
      labels: tf.slice(labels, [start, 0], [MICRO_BATCH, -1]),
      ids: ids.slice(start, start + MICRO_BATCH),
    };
  }
}
