import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { createBatches, createPixelStore, createSyntheticDataset } from 'xray-dataset';
import { createCnn } from 'xray-models';
import { predict, train } from 'xray-train';
import { fuse, registerKernels, type WasmKernels } from 'xray-wasm';

let kernels: WasmKernels;
beforeAll(async () => {
  await tf.setBackend('wasm');
  await tf.ready();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

/** Weights and history after two epochs of the study's CNN, small, with dropout and micro-batches. */
async function trained(isFused: boolean) {
  const size = 32;
  const { samples, decode } = createSyntheticDataset({
    patientsPerFinding: 8,
    seed: 7,
    height: size,
    width: size,
  });
  const store = await createPixelStore(samples, { decode, rule: { height: size, width: size } });
  const batches = createBatches({ store, samples, classList, batchSize: 6, shuffle: true, seed: 7 });
  const model = createCnn({ imageShape: [size, size, 1], filters: [16, 16], seed: 7 });
  const config = JSON.stringify(model.toJSON());
  const forward = isFused ? fuse(model) : undefined;
  const { history } = await train({
    ...{ model, forward, train: batches, validation: batches },
    ...{ epochs: 2, seed: 7, learningRate: 1e-3, microBatchSize: 4 },
  });
  const { probabilities } = await predict(model, batches, { forward });
  expect(JSON.stringify(model.toJSON())).toBe(config);
  const weights = model.getWeights().flatMap((weight) => Array.from(weight.dataSync()));
  model.dispose();
  return { weights, probabilities: Array.from(probabilities), losses: history.map(({ loss }) => loss) };
}

describe('training with fused layers', () => {
  it('gives the same weights every time, and those of plain training up to rounding', async () => {
    const before = tf.memory().numTensors;
    const fused = await trained(true);
    expect(await trained(true)).toEqual(fused);
    const plain = await trained(false);
    expect(fused.losses).not.toEqual([]);
    fused.losses.forEach((loss, epoch) => {
      expect(loss).toBeCloseTo(plain.losses[epoch]!, 4);
    });
    fused.probabilities.forEach((probability, index) => {
      expect(probability).toBeCloseTo(plain.probabilities[index]!, 3);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
