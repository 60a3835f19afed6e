import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { createBatches, createPixelStore, createSyntheticDataset, type PixelStore } from 'xray-dataset';
import { createCnn } from 'xray-models';
import { type Device, selectDevice, threadWorker } from 'xray-node-gpu';
import { memoryCheckpoints, openReplicas, predict, type TrainOptions, train } from 'xray-train';
import { fuse } from 'xray-wasm';
import type { Death } from './replica.js';

const SIZE = 32;
const { samples, decode } = createSyntheticDataset({
  patientsPerFinding: 8,
  seed: 7,
  height: SIZE,
  width: SIZE,
});
let device: Device;
let store: PixelStore;
beforeAll(async () => {
  device = await selectDevice({ require: 'wasm' });
  store = await createPixelStore(samples, { decode, rule: { height: SIZE, width: SIZE } });
});
afterAll(() => device.dispose());

const newModel = () => createCnn({ imageShape: [SIZE, SIZE, 1], filters: [8, 16], seed: 7 });
const spawn = () =>
  threadWorker(new URL('./replica.mjs', import.meta.url), { execArgv: ['--conditions=@xray/source'] });

/** Two epochs with dropout, micro-batches and a last batch that does not divide. */
function settings(): Omit<TrainOptions, 'model'> {
  const batches = createBatches({ store, samples, classList, batchSize: 7, shuffle: true, seed: 7 });
  return { train: batches, validation: batches, epochs: 2, seed: 7, learningRate: 1e-3, microBatchSize: 3 };
}

const weightsOf = (model: ReturnType<typeof newModel>) =>
  model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));

async function trainOnThreads(workers: number, options: Partial<TrainOptions> = {}) {
  const model = newModel();
  const replicas = await openReplicas({ model, workers, spawn });
  try {
    const { history } = await train({ ...settings(), ...options, model, replicas });
    const { probabilities } = await predict(model, settings().validation, { replicas });
    return {
      losses: history.map(({ loss, val_loss }) => [loss, val_loss]),
      weights: weightsOf(model),
      probabilities,
    };
  } finally {
    await replicas.dispose();
    model.dispose();
  }
}

describe('training on threads', () => {
  it('repeats itself bit for bit, and learns what one thread learns with the same dropout masks', async () => {
    const before = tf.memory().numTensors;
    const first = await trainOnThreads(2);
    expect(await trainOnThreads(2)).toEqual(first);

    const model = newModel();
    const forward = fuse(model);
    const { history } = await train({ ...settings(), model, forward });
    const { probabilities } = await predict(model, settings().validation, { forward });
    history.forEach(({ loss, val_loss }, epoch) => {
      expect(first.losses[epoch]![0]).toBeCloseTo(loss, 5);
      expect(first.losses[epoch]![1]).toBeCloseTo(val_loss, 5);
    });
    probabilities.forEach((probability, index) => {
      expect(first.probabilities[index]).toBeCloseTo(probability, 4);
    });
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[Death['how'], RegExp]>([
    ['exit', /^Worker 2 of 2 failed: it exited with code 7\./],
    ['throw', /^Worker 2 of 2 failed: thrown in a timer\./],
  ])(
    'ends with the error of a worker that dies (%s) and goes on from the last epoch',
    async (how, message) => {
      const model = newModel();
      const checkpoints = memoryCheckpoints();
      const death: Death = { how, atStep: settings().train.batchCount + 2 }; // in the second epoch
      const replicas = await openReplicas({ model, workers: 2, spawn, data: death });
      const failed = train({ ...settings(), model, replicas, checkpoints });
      await expect(failed).rejects.toMatchObject({ code: 'worker-failed', worker: 1 });
      await expect(failed).rejects.toThrow(message);
      expect((await checkpoints.read('last'))!.facts.epoch).toBe(0);
      await replicas.dispose();
      model.dispose();

      const resumed = await trainOnThreads(2, { checkpoints, resume: true });
      expect(resumed).toEqual(await trainOnThreads(2));
    },
  );
});
