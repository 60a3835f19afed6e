import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList, type WorkerHandle } from 'xray-core';
import { createBatches, createPixelStore, createSyntheticDataset, type PixelStore } from 'xray-dataset';
import { createCnn } from 'xray-models';
import { type Device, processWorker, selectDevice, threadWorker } from 'xray-node-gpu';
import { openReplicas, predict, train } from 'xray-train';
import type { Death } from './replica.js';

const SIZE = 32;
const MODULE = new URL('./replica.mjs', import.meta.url);
const OPTIONS = { execArgv: ['--conditions=@xray/source'] };
const { samples, decode } = createSyntheticDataset({
  patientsPerFinding: 6,
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

async function trainWith(spawn: () => WorkerHandle, data?: Death) {
  const model = createCnn({ imageShape: [SIZE, SIZE, 1], filters: [8, 16], seed: 7 });
  const batches = createBatches({ store, samples, classList, batchSize: 7, shuffle: true, seed: 7 });
  const replicas = await openReplicas({ model, workers: 2, spawn, data });
  try {
    const options = { train: batches, validation: batches, epochs: 2, seed: 7, microBatchSize: 3 };
    const { history } = await train({ ...options, model, replicas });
    const { probabilities } = await predict(model, batches, { replicas });
    const losses = history.map(({ loss, val_loss }) => [loss, val_loss]);
    const weights = model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
    return { losses, probabilities, weights };
  } finally {
    await replicas.dispose();
    model.dispose();
  }
}

describe('training on processes', () => {
  it('is training on threads, bit for bit', async () => {
    const before = tf.memory().numTensors;
    const onProcesses = await trainWith(() => processWorker(MODULE, OPTIONS));
    expect(onProcesses).toEqual(await trainWith(() => threadWorker(MODULE, OPTIONS)));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('ends with the process that dies', async () => {
    await expect(trainWith(() => processWorker(MODULE, OPTIONS), { how: 'exit', atStep: 2 })).rejects.toThrow(
      /^Worker 2 of 2 failed: it exited with code 7\./,
    );
  });
});
