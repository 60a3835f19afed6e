import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { horizontalFlip } from 'xray-augment';
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { createBatches, createPixelStore, createSyntheticDataset, splitByPatient } from 'xray-dataset';
import { createCnn } from 'xray-models';
import { type Device, type DeviceKind, modelFolder, NoDeviceError, selectDevice } from 'xray-node-gpu';
import { adam, crossEntropy, type Optimizer, sgd, train } from 'xray-train';

/** Debian's chromium brings a Vulkan driver that runs on the CPU. */
const SOFTWARE_VULKAN = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (existsSync(SOFTWARE_VULKAN)) process.env.VK_ICD_FILENAMES ??= SOFTWARE_VULKAN;

const SIZE = 32;
const DEVICES: readonly DeviceKind[] = ['cpu', 'wasm', 'webgpu', 'node', 'node-gpu'];
/** These have to be there when the whole suite runs; the others need hardware or a native build. */
const NEEDED: readonly DeviceKind[] = process.env.CI ? ['cpu', 'wasm', 'webgpu'] : ['cpu', 'wasm'];

const cnn = (seed = 7) => createCnn({ imageShape: [SIZE, SIZE, 1], channels: 1, filters: [8, 16], seed });
const images = () => tf.randomUniform<tf.Rank.R4>([6, SIZE, SIZE, 1], 0, 1, 'float32', 3);
// Not `tf.oneHot`: on the stock wasm backend its float32 output holds the bits of integers.
const labels = () => tf.tensor2d([0, 1, 1, 0, 1, 0].map((label) => [1 - label, label]));
const variablesOf = (model: LayersModel) =>
  model.trainableWeights.map((weight) => weight.read() as tf.Variable);

/** Everything the devices are compared in, as plain numbers. */
async function measure() {
  const model = cnn();
  const [x, y] = [images(), labels()];
  const forward = await valuesOf(tf.tidy(() => model.predict(x) as tf.Tensor));
  const gradients = await gradientsOf(model, x, y);
  model.dispose();
  const steps: number[][] = [];
  for (const optimizer of [adam(), sgd({ momentum: 0.9 })]) steps.push(await weightsAfter(optimizer, x, y));
  const flip = horizontalFlip()(
    { images: x, labels: y, ids: ['a', 'b', 'c', 'd', 'e', 'f'] },
    { seed: 7, epoch: 2 },
  );
  const augmented = await valuesOf(flip.images);
  tf.dispose([x, y, flip.labels]);
  return { forward, gradients, steps, augmented, losses: await lossCurve() };
}

async function valuesOf(tensor: tf.Tensor): Promise<number[]> {
  const values = Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

async function gradientsOf(model: LayersModel, x: tf.Tensor4D, y: tf.Tensor2D): Promise<number[][]> {
  const variables = variablesOf(model);
  const { value, grads } = tf.variableGrads(
    () => tf.mean(crossEntropy(y, model.apply(x, { training: true }) as tf.Tensor2D)) as tf.Scalar,
    variables,
  );
  value.dispose();
  return Promise.all(variables.map(({ name }) => valuesOf(grads[name]!)));
}

async function weightsAfter(optimizer: Optimizer, x: tf.Tensor4D, y: tf.Tensor2D): Promise<number[]> {
  const model = cnn();
  const variables = variablesOf(model);
  for (let step = 0; step < 3; step++) {
    const loss = () =>
      tf.mean(crossEntropy(y, model.apply(x, { training: true }) as tf.Tensor2D)) as tf.Scalar;
    const { value, grads } = tf.variableGrads(loss, variables);
    optimizer.step(
      variables,
      variables.map(({ name }) => grads[name]!),
      1e-3,
    );
    tf.dispose([value, grads]);
  }
  const weights = await Promise.all(variables.map(async (variable) => Array.from(await variable.data())));
  optimizer.dispose();
  model.dispose();
  return weights.flat();
}

/** Training and validation losses of two epochs on synthetic X-rays, dropout and flips included. */
async function lossCurve(): Promise<number[]> {
  const dataset = createSyntheticDataset({
    patientsPerFinding: { normal: 8, bacterial: 8, viral: 0 },
    imagesPerPatient: 2,
    severity: 2,
    seed: 7,
    height: SIZE,
    width: SIZE,
  });
  const splits = splitByPatient(dataset.samples, { classList, validationShare: 0.25, seed: 7 });
  const store = await createPixelStore(dataset.samples, {
    decode: dataset.decode,
    rule: { height: SIZE, width: SIZE },
    channels: 1,
  });
  const batches = (samples: typeof splits.train, shuffle: boolean) =>
    createBatches({ store, samples, classList, batchSize: 8, shuffle, seed: 7 });
  const model = cnn();
  const tensorCounts: number[] = [];
  const { history } = await train({
    model,
    train: batches(splits.train, true),
    validation: batches(splits.validation, false),
    epochs: 2,
    seed: 7,
    learningRate: 1e-3,
    augmentation: horizontalFlip(),
    microBatchSize: 4,
    keepWeights: 'last',
    onProgress: ({ type }) => type === 'epoch-end' && tensorCounts.push(tf.memory().numTensors),
  });
  expect(tensorCounts[1]).toBe(tensorCounts[0]);
  model.dispose();
  return history.flatMap(({ loss, val_loss }) => [loss, val_loss]);
}

/** Largest difference over the largest value of the reference. */
function relativeError(actual: readonly number[], reference: readonly number[]): number {
  expect(actual.length).toBe(reference.length);
  const scale = reference.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-30);
  return actual.reduce((worst, value, index) => {
    const difference = Math.abs(value - reference[index]!) / scale;
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }, 0);
}

let reference: Awaited<ReturnType<typeof measure>>;
beforeAll(async () => {
  const device = await selectDevice({ require: 'cpu' });
  reference = await measure();
  device.dispose();
});

describe.each(DEVICES)('%s', (kind) => {
  let device: Device | undefined;
  let reason = '';
  let measured: typeof reference;
  beforeAll(async () => {
    try {
      device = await selectDevice({ require: kind, software: true });
    } catch (error) {
      if (!(error instanceof NoDeviceError) || NEEDED.includes(kind)) throw error;
      reason = error.message;
      return;
    }
    const before = tf.memory().numTensors;
    measured = await measure();
    expect(tf.memory().numTensors).toBe(before);
  });
  afterAll(() => device?.dispose());

  it('runs forward, backward and both optimizers as the cpu backend does', ({ skip }) => {
    skip(!device, reason);
    expect(relativeError(measured.forward, reference.forward)).toBeLessThan(1e-5);
    for (const [index, gradient] of measured.gradients.entries()) {
      expect(relativeError(gradient, reference.gradients[index]!)).toBeLessThan(1e-4);
    }
    for (const [index, weights] of measured.steps.entries()) {
      expect(relativeError(weights, reference.steps[index]!)).toBeLessThan(1e-3);
    }
  });

  it('augments exactly as the cpu backend does', ({ skip }) => {
    skip(!device, reason);
    expect(relativeError(measured.augmented, reference.augmented)).toBe(0);
  });

  it('has the same loss curve in a short training', ({ skip }) => {
    skip(!device, reason);
    expect(relativeError(measured.losses, reference.losses)).toBeLessThan(2e-3);
  });

  it('saves a model and loads it with the same predictions', async ({ skip }) => {
    skip(!device, reason);
    const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
    const model = cnn(11);
    await model.save(modelFolder(folder));
    const loaded = await loadLayersModel(modelFolder(folder));
    const x = images();
    const [expected, actual] = await Promise.all(
      [model, loaded].map((each) => valuesOf(tf.tidy(() => each.predict(x) as tf.Tensor))),
    );
    expect(actual).toEqual(expected);
    tf.dispose(x);
    for (const each of [model, loaded]) each.dispose();
    await rm(folder, { recursive: true });
  });
});
