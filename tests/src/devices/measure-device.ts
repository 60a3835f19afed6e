import * as tf from '@tensorflow/tfjs-core';
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { expect } from 'vitest';
import { horizontalFlip } from 'xray-augment';
import { KERAS_LAYERS } from 'xray-augment/layers';
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { createBatches, createPixelStore, createSyntheticDataset, splitByPatient } from 'xray-dataset';
import { batchNormalization, createCnn } from 'xray-models';
import { adam, crossEntropy, type Optimizer, sgd, train } from 'xray-train';
import { AUGMENTATIONS } from './augmentations.js';

const SIZE = 32;
const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** The study's CNN, small. */
export const smallCnn = (seed = 7) =>
  createCnn({ imageShape: [SIZE, SIZE, 1], channels: 1, filters: [8, 16], seed });

/** What InceptionV3 and MobileNetV2 are made of: convolutions without a bias, batch norm with and without a scale. */
function normalizedCnn(): LayersModel {
  const seeded = (seed: number) => initializers.glorotUniform({ seed });
  return sequential({
    layers: [
      layers.conv2d({
        ...{ inputShape: [SIZE, SIZE, 1], filters: 8, kernelSize: 3, strides: 2, padding: 'same' },
        ...{ useBias: false, kernelInitializer: seeded(1) },
      }),
      batchNormalization({ scale: false }),
      layers.activation({ activation: 'relu6' }),
      layers.depthwiseConv2d({
        ...{ kernelSize: 3, padding: 'same', useBias: false, depthwiseInitializer: seeded(2) },
      }),
      batchNormalization(),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 2, activation: 'softmax', kernelInitializer: seeded(3) }),
    ],
  });
}

/** Six images `[6, 32, 32, 1]` in `[0, 1]`. */
export const someImages = () => tf.randomUniform<tf.Rank.R4>([6, SIZE, SIZE, 1], 0, 1, 'float32', 3);
// Not `tf.oneHot`: on the stock wasm backend its float32 output holds the bits of integers. Not balanced: behind batch norm
// some gradients would be zero but for rounding.
const someLabels = () => tf.tensor2d([0, 1, 1, 1, 1, 0].map((label) => [1 - label, label]));

/** Everything the devices are compared in, as plain numbers. */
export async function measureDevice() {
  return {
    cnn: await measureModel(smallCnn),
    batchNorm: await measureModel(normalizedCnn),
    augmented: await augmentedValues(),
    kerasLayers: await kerasLayerValues(),
    losses: await lossCurve(),
  };
}

/** Forward pass, gradients, and all weights after three steps of each optimizer, moving averages included. */
async function measureModel(create: () => LayersModel) {
  const [x, y] = [someImages(), someLabels()];
  const model = create();
  const forward = await valuesOf(tf.tidy(() => model.predict(x) as tf.Tensor));
  const gradients = await gradientsOf(model, x, y);
  model.dispose();
  const steps: number[][] = [];
  for (const optimizer of [adam(), sgd({ momentum: 0.9 })]) {
    steps.push(await weightsAfter(create(), optimizer, x, y));
  }
  tf.dispose([x, y]);
  return { forward, gradients, steps };
}

/** The tensor's values; the tensor is disposed. */
export async function valuesOf(tensor: tf.Tensor): Promise<number[]> {
  const values = Array.from(await tensor.data());
  tensor.dispose();
  return values;
}

const variablesOf = (model: LayersModel) =>
  model.trainableWeights.map((weight) => weight.read() as tf.Variable);

const lossAndGradients = (model: LayersModel, x: tf.Tensor4D, y: tf.Tensor2D) =>
  tf.variableGrads(
    () => tf.mean(crossEntropy(y, model.apply(x, { training: true }) as tf.Tensor2D)) as tf.Scalar,
    variablesOf(model),
  );

async function gradientsOf(model: LayersModel, x: tf.Tensor4D, y: tf.Tensor2D): Promise<number[][]> {
  const { value, grads } = lossAndGradients(model, x, y);
  value.dispose();
  return Promise.all(variablesOf(model).map(({ name }) => valuesOf(grads[name]!)));
}

async function weightsAfter(
  model: LayersModel,
  optimizer: Optimizer,
  x: tf.Tensor4D,
  y: tf.Tensor2D,
): Promise<number[]> {
  for (let step = 0; step < 3; step++) {
    const { value, grads } = lossAndGradients(model, x, y);
    const variables = variablesOf(model);
    optimizer.step(
      variables,
      variables.map(({ name }) => grads[name]!),
      1e-3,
    );
    tf.dispose([value, grads]);
  }
  const weights = await Promise.all(
    model.getWeights().map(async (weight) => Array.from(await weight.data())),
  );
  optimizer.dispose();
  model.dispose();
  return weights.flat();
}

/** Images and labels after each augmentation, by its name. */
async function augmentedValues(): Promise<Record<string, { images: number[]; labels: number[] }>> {
  const values: Record<string, { images: number[]; labels: number[] }> = {};
  for (const [name, augment] of Object.entries(AUGMENTATIONS)) {
    // Fresh ones, as batches are: what a kernel of WebGPU has used cannot be read at once any more.
    const [images, labels] = [someImages(), someLabels()];
    const batch = augment({ images, labels, ids: IDS }, { seed: 7, epoch: 2 });
    values[name] = { images: await valuesOf(batch.images), labels: await valuesOf(batch.labels) };
    tf.dispose([images, labels]);
  }
  return values;
}

/** What the layers of Keras models make of images while training, and the gradient of its weighted sum. */
async function kerasLayerValues(): Promise<Record<string, { output: number[]; gradient: number[] }>> {
  const values: Record<string, { output: number[]; gradient: number[] }> = {};
  const config = {
    ...{ name: 'layer', factor: 0.2, heightFactor: 0.2, widthFactor: 0.3, valueRange: [0, 1] },
    ...{ height: 20, width: 25, fillMode: 'constant', fillValue: 0.5 },
  };
  for (const [name, layer] of Object.entries(KERAS_LAYERS)) {
    const create = layer as unknown as new (config: object) => layers.Layer;
    const images = someImages();
    const run = (x: tf.Tensor) => new create(config).call(x, { training: true }) as tf.Tensor;
    const output = await valuesOf(run(images));
    const weigh = (x: tf.Tensor) =>
      tf.tidy(() => {
        const y = run(x);
        return tf.sum(tf.mul(y, tf.randomUniform(y.shape, -1, 1, 'float32', 5)));
      });
    values[name] = { output, gradient: await valuesOf(tf.grad(weigh)(images)) };
    images.dispose();
  }
  return values;
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
  const model = smallCnn();
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
