import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, type Forward } from 'xray-core';
import { createInceptionV3, createMobileNetV2, freeze } from 'xray-models';
import { fuse, registerKernels, type WasmKernels } from 'xray-wasm';

let kernels: WasmKernels;
beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('wasm');
  await tf.ready();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

/** Weights as random as they can be without activations that vanish or overflow in a hundred layers. */
function randomize(model: LayersModel): void {
  const random = createRandom(23);
  const between = (low: number, high: number) => () => random.uniform(low, high);
  const drawOf = (name: string) => {
    if (name.includes('variance')) return between(0.5, 1.5);
    if (name.includes('gamma')) return between(0.7, 1.3);
    return between(-0.3, 0.3);
  };
  model.setWeights(
    model.weights.map((weight) => {
      const shape = weight.shape as number[];
      if (shape.length > 1) return weight.read(); // as initialised
      const draw = drawOf(weight.originalName);
      return tf.tensor1d(Float32Array.from({ length: shape[0]! }, draw));
    }),
  );
}

const images = (size: number) => tf.randomUniform([2, size, size, 3], 0, 1, 'float32', 5) as tf.Tensor4D;

/** Largest difference as a share of the largest value. */
function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [largest, error] = [0, 0];
  for (let index = 0; index < expected.length; index++) {
    largest = Math.max(largest, Math.abs(expected[index]!));
    error = Math.max(error, Math.abs(actual[index]! - expected[index]!));
  }
  return Number.isFinite(error) && largest > 0 ? error / largest : Number.POSITIVE_INFINITY;
}

function gradientsOf(model: LayersModel, forward: Forward, x: tf.Tensor4D) {
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  return tf.tidy(() => {
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.square(forward(x, { training: true }))) as tf.Scalar,
      variables,
    );
    return variables.map(({ name }) => grads[name]!.dataSync());
  });
}

const NETWORKS = [
  {
    name: 'InceptionV3',
    size: 75,
    create: () => createInceptionV3({ imageShape: [75, 75, 3], pooling: 'average' }),
  },
  {
    name: 'MobileNetV2',
    size: 64,
    create: () => createMobileNetV2({ imageShape: [64, 64, 3], pooling: 'average' }),
  },
];

describe.each(NETWORKS)('$name, fused', ({ create, size }) => {
  it('predicts as model.predict does on the stock cpu backend', async () => {
    const model = create();
    randomize(model);
    const x = images(size);
    const fused = tf.tidy(() => fuse(model)(x, { training: false }).dataSync());
    await tf.setBackend('cpu');
    const expected = tf.tidy(() => (model.predict(x) as tf.Tensor).dataSync());
    await tf.setBackend('wasm');
    expect(difference(fused, expected)).toBeLessThan(1e-4);
    x.dispose();
    model.dispose();
  });

  it('trains convolutions around frozen batch norm as the layers do, and moves no average', () => {
    const model = create();
    randomize(model);
    const forward = fuse(model);
    freeze(model);
    for (const layer of model.layers.slice(-40)) {
      layer.trainable = layer.getClassName() !== 'BatchNormalization';
    }
    const x = images(size);
    const averages = () =>
      model.weights
        .filter(({ originalName }) => originalName.includes('moving'))
        .map((weight) => Array.from(weight.read().dataSync()));
    const before = averages();
    const expected = gradientsOf(model, (input, options) => model.apply(input, options) as tf.Tensor2D, x);
    const fused = gradientsOf(model, forward, x);
    expect(fused.length).toBeGreaterThan(5);
    fused.forEach((gradient, index) => {
      expect(difference(gradient, expected[index]!), `${index}`).toBeLessThan(1e-3);
    });
    expect(before.length).toBeGreaterThan(50);
    expect(averages()).toEqual(before);
    x.dispose();
    model.dispose();
  });

  it('trains batch norm as the layers do', () => {
    const results = [true, false].map((isFused) => {
      const model = create();
      randomize(model);
      const x = images(size);
      const forward: Forward = isFused
        ? fuse(model)
        : (input, options) => model.apply(input, options) as tf.Tensor2D;
      tf.tidy(() => void forward(x, { training: true }));
      const averages = model.getWeights().map((weight) => weight.dataSync());
      tf.dispose(x);
      model.dispose();
      return averages;
    });
    results[0]!.forEach((values, index) => {
      expect(difference(values, results[1]![index]!)).toBeLessThan(1e-4);
    });
  });
});
