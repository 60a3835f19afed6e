import * as tf from '@tensorflow/tfjs-core';
import {
  model as createModel,
  input,
  type LayersModel,
  layers,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, type Forward } from 'xray-core';
import { onBoth, randomValues, relativeError, startWasm } from '../__fixtures__/backends.js';
import { randomModel } from '../__fixtures__/random-model.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';
import { fuse } from './fuse.js';

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  tf.env().set('IS_TEST', false); // its leak check takes weights that move between backends for leaks
  tf.enableProdMode();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

const SHAPE: [number, number, number] = [18, 17, 3];
const TOLERANCE = 2e-5;

const applied =
  (model: LayersModel): Forward =>
  (images, options) =>
    model.apply(images, options) as tf.Tensor2D;

const imagesOf = (seed: number) => randomValues(createRandom(seed).stream('images'), [2, ...SHAPE]);

const predictionsOf = (forward: Forward, values: Float32Array) =>
  tf.tidy(() => forward(tf.tensor(values, [2, ...SHAPE]) as tf.Tensor4D, { training: false }));

/** Loss and the gradient of every trainable variable. */
function gradientsOf(model: LayersModel, forward: Forward, values: Float32Array): tf.Tensor[] {
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const images = tf.tensor(values, [2, ...SHAPE]) as tf.Tensor4D;
  const { value, grads } = tf.variableGrads(() => {
    const probabilities = forward(images, { training: true });
    return tf.mean(tf.square(tf.sub(probabilities, [1, 0]))) as tf.Scalar;
  }, variables);
  return [value, ...variables.map(({ name }) => grads[name]!)];
}

describe('fuse', () => {
  it('predicts as model.apply does, for random models with batch norm, on both backends', async () => {
    for (let seed = 0; seed < 25; seed++) {
      const model = randomModel(createRandom(seed), SHAPE, true);
      const forward = fuse(model);
      const values = imagesOf(seed);
      const { reference } = await onBoth(() => [predictionsOf(applied(model), values)]);
      const fused = await onBoth(() => [predictionsOf(forward, values)]);
      for (const result of [...fused.reference, ...fused.own]) {
        expect(relativeError(result, reference[0]!), `seed ${seed}`).toBeLessThanOrEqual(TOLERANCE);
      }
      model.dispose();
    }
  });

  it('gives the gradients of model.apply, for random models, on both backends', async () => {
    for (let seed = 100; seed < 120; seed++) {
      const model = randomModel(createRandom(seed), SHAPE, false);
      const forward = fuse(model);
      const values = imagesOf(seed);
      const { reference } = await onBoth(() => gradientsOf(model, applied(model), values));
      const fused = await onBoth(() => gradientsOf(model, forward, values));
      for (const results of [fused.reference, fused.own]) {
        results.forEach((result, index) => {
          const error = relativeError(result, reference[index]!);
          expect(error, `${index}, seed ${seed}`).toBeLessThanOrEqual(TOLERANCE);
        });
      }
      model.dispose();
    }
  });

  it('folds the blocks of MobileNetV2 and InceptionV3, where ReLU6 cuts off', async () => {
    const random = createRandom(17);
    const build = (depthwise: boolean, maxValue: number | undefined) => {
      const model = sequential();
      const settings = {
        inputShape: SHAPE,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        useBias: false,
      } as const;
      model.add(
        depthwise
          ? layers.depthwiseConv2d({ ...settings, depthMultiplier: 2 })
          : layers.conv2d({ ...settings, filters: 8 }),
      );
      model.add(layers.batchNormalization({ scale: false }));
      model.add(maxValue === undefined ? layers.reLU() : layers.reLU({ maxValue }));
      return model;
    };
    for (const depthwise of [true, false]) {
      for (const maxValue of [undefined, 6]) {
        const model = build(depthwise, maxValue);
        model.setWeights(
          model.weights.map(({ shape }) =>
            tf.tensor(
              randomValues(random, shape as number[]).map((value) => Math.abs(value) * 4),
              shape as number[],
            ),
          ),
        );
        const values = imagesOf(17);
        const { reference } = await onBoth(() => [predictionsOf(applied(model), values)]);
        const { own } = await onBoth(() => [predictionsOf(fuse(model), values)]);
        expect(Math.max(...Array.from(reference[0]!.values)) > 6).toBe(maxValue === undefined);
        expect(relativeError(own[0]!, reference[0]!)).toBeLessThanOrEqual(TOLERANCE);
        model.dispose();
      }
    }
  });

  it('runs batch norm as the layer does while training, moving averages included', () => {
    const build = () => {
      const model = sequential();
      model.add(layers.conv2d({ inputShape: SHAPE, filters: 4, kernelSize: 3, kernelInitializer: 'ones' }));
      model.add(layers.batchNormalization());
      model.add(layers.reLU());
      model.add(layers.flatten());
      model.add(layers.dense({ units: 2, activation: 'softmax', kernelInitializer: 'ones' }));
      return model;
    };
    const [fused, plain] = [build(), build()];
    const results = tf.tidy(() => [
      ...gradientsOf(fused, fuse(fused), imagesOf(1)).map((value) => Array.from(value.dataSync())),
      ...fused.getWeights().map((value) => Array.from(value.dataSync())),
    ]);
    const expected = tf.tidy(() => [
      ...gradientsOf(plain, applied(plain), imagesOf(1)).map((value) => Array.from(value.dataSync())),
      ...plain.getWeights().map((value) => Array.from(value.dataSync())),
    ]);
    expect(results).toEqual(expected);
    for (const model of [fused, plain]) model.dispose();
  });

  it('does not compute the gradient of the images when training does not ask for it', () => {
    const model = sequential();
    model.add(layers.conv2d({ inputShape: SHAPE, filters: 4, kernelSize: 3, useBias: false }));
    model.add(layers.batchNormalization());
    model.add(layers.flatten());
    model.add(layers.dense({ units: 2, activation: 'softmax' }));
    const kernelsOf = (forward: Forward) => {
      const profiled: string[] = [];
      const kernel = tf.getKernel('Conv2DBackpropInput', 'wasm') as tf.KernelConfig;
      const compute = kernel.kernelFunc;
      kernel.kernelFunc = (call) => {
        profiled.push(kernel.kernelName);
        return compute(call);
      };
      tf.tidy(() => gradientsOf(model, forward, imagesOf(1)));
      kernel.kernelFunc = compute;
      return profiled;
    };
    expect(kernelsOf(applied(model))).toHaveLength(1); // what the layer itself does
    expect(kernelsOf(fuse(model))).toEqual([]);
    model.dispose();
  });

  it('gives the gradient of the images when asked for it, in and outside of training', async () => {
    const model = randomModel(createRandom(5), SHAPE, false);
    const forward = fuse(model);
    const values = imagesOf(5);
    for (const training of [true, false]) {
      const sensitivity = (run: Forward) => () => [
        tf.grad((images) => tf.sum(tf.square(run(images as tf.Tensor4D, { training }))))(
          tf.tensor(values, [2, ...SHAPE]),
        ),
      ];
      const { reference } = await onBoth(sensitivity(applied(model)));
      const { own } = await onBoth(sensitivity(forward));
      expect(relativeError(own[0]!, reference[0]!)).toBeLessThanOrEqual(TOLERANCE);
    }
    model.dispose();
  });

  it('follows models inside models, shared layers and sequential models', async () => {
    const base = sequential();
    base.add(
      layers.conv2d({ inputShape: SHAPE, filters: 4, kernelSize: 3, padding: 'same', useBias: false }),
    );
    base.add(layers.batchNormalization());
    base.add(layers.reLU());
    base.add(layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same' }));
    const image = input({ shape: SHAPE });
    const once = base.apply(image) as SymbolicTensor;
    const twice = base.apply(once) as SymbolicTensor;
    const pooled = layers.globalMaxPooling2d({}).apply(layers.add().apply([once, twice])) as SymbolicTensor;
    const model = createModel({
      inputs: image,
      outputs: layers.dense({ units: 2 }).apply(pooled) as SymbolicTensor,
    });
    const values = imagesOf(9);
    const { reference } = await onBoth(() => [predictionsOf(applied(model), values)]);
    const { own } = await onBoth(() => [predictionsOf(fuse(model), values)]);
    expect(relativeError(own[0]!, reference[0]!)).toBeLessThanOrEqual(TOLERANCE);
    model.dispose();
  });

  it('sees weights that change later, and leaves the model as it was', async () => {
    const model = randomModel(createRandom(3), SHAPE, true);
    const before = JSON.stringify(model.toJSON());
    const weightsBefore = model.getWeights().map((weight) => Array.from(weight.dataSync()));
    const forward = fuse(model);
    const values = imagesOf(3);
    const first = Array.from(predictionsOf(forward, values).dataSync());
    expect(JSON.stringify(model.toJSON())).toBe(before);
    expect(model.getWeights().map((weight) => Array.from(weight.dataSync()))).toEqual(weightsBefore);

    model.setWeights(model.getWeights().map((weight) => tf.mul(weight, 0.5)));
    const { own } = await onBoth(() => [predictionsOf(forward, values)]);
    const { reference } = await onBoth(() => [predictionsOf(applied(model), values)]);
    expect(relativeError(own[0]!, reference[0]!)).toBeLessThanOrEqual(TOLERANCE);
    expect(Array.from(own[0]!.values)).not.toEqual(first);
    model.dispose();
  });

  it('leaves nothing behind but its result', () => {
    const model = randomModel(createRandom(11), SHAPE, false);
    const forward = fuse(model);
    const images = tf.tensor(imagesOf(11), [2, ...SHAPE]) as tf.Tensor4D;
    const count = () => tf.memory().numTensors;
    const before = count();
    for (const training of [false, true]) {
      const result = forward(images, { training });
      expect(count()).toBe(before + 1);
      expect(images.isDisposed).toBe(false);
      result.dispose();
    }
    const gradients = tf.tidy(() => gradientsOf(model, forward, imagesOf(11)));
    expect(count()).toBe(before + gradients.length);
    tf.dispose([gradients, images]);
    model.dispose();
  });

  it('keeps a byte per value of a fused block for the gradient, not the whole convolution', () => {
    const model = sequential();
    model.add(layers.conv2d({ inputShape: [66, 66, 3], filters: 16, kernelSize: 3, activation: 'relu' }));
    model.add(layers.maxPooling2d({ poolSize: 2 }));
    const images = tf.ones([4, 66, 66, 3]) as tf.Tensor4D;
    const heldBy = (forward: Forward) => {
      let held = 0;
      const before = tf.memory().numBytes;
      tf.tidy(() => {
        tf.variableGrads(
          () => {
            const result = forward(images, { training: true });
            held = tf.memory().numBytes - before;
            return tf.sum(result) as tf.Scalar;
          },
          model.trainableWeights.map((weight) => weight.read() as tf.Variable),
        );
      });
      return held;
    };
    // Before, after bias and after ReLU: three times four values for every pooled one.
    expect(heldBy(fuse(model))).toBeLessThan(heldBy(applied(model)) / 4);
    images.dispose();
    model.dispose();
  });

  it('refuses images that are smaller than a filter, as the layer does', () => {
    const image = input({ shape: [null, null, 3] });
    const features = layers.conv2d({ filters: 5, kernelSize: 3, activation: 'relu' }).apply(image);
    const pooled = layers.maxPooling2d({ poolSize: 2 }).apply(features);
    const outputs = layers.globalAveragePooling2d({}).apply(pooled) as SymbolicTensor;
    const model = createModel({ inputs: image, outputs });
    const small = tf.ones([2, 1, 1, 3]) as tf.Tensor4D;
    for (const training of [false, true]) {
      const expected = /`filter` must be no larger than the padded input of shape \[2,1,1,3\]/;
      expect(() => model.apply(small, { training })).toThrow(expected);
      expect(() => fuse(model)(small, { training })).toThrow(expected);
    }
    small.dispose();
    model.dispose();
  });

  it('explains models and images it cannot take', () => {
    const [left, right] = [input({ shape: [4] }), input({ shape: [4] })];
    const twoInputs = createModel({
      inputs: [left, right],
      outputs: layers.add().apply([left, right]) as SymbolicTensor,
    });
    expect(() => fuse(twoInputs)).toThrow(
      /`model` must be a built model with one input and one output.*"inputs":2/,
    );
    const model = randomModel(createRandom(1), SHAPE, false);
    const wrong = tf.ones([1, 18, 18, 3]) as tf.Tensor4D;
    expect(() => fuse(model)(wrong, { training: false })).toThrow(
      '`images` must be of shape [any,18,17,3], as the model takes them. Received: [1,18,18,3].',
    );
    wrong.dispose();
    model.dispose();
  });
});
