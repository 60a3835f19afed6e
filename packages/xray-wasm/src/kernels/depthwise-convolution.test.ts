import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { onBoth, randomValues, relativeError, startWasm } from '../__fixtures__/backends.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';

const TOLERANCE = 3e-6;
const ACTIVATIONS = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const;

type Shape = [number, number, number, number];

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

describe('depthwise convolution', () => {
  it.each(ACTIVATIONS)('agrees with the cpu backend on random shapes and biases: %s', async (activation) => {
    const random = createRandom(12);
    const pick = <T>(...choices: T[]): T => choices[random.integer(0, choices.length)]!;
    for (let number = 0; number < 30; number++) {
      const [channels, multiplier] = [random.integer(1, 20), pick(1, 1, 2, 3)];
      const outputs = channels * multiplier;
      const shape: Shape = [random.integer(1, 4), random.integer(5, 10), random.integer(5, 10), channels];
      const filterShape: Shape = [random.integer(1, 4), random.integer(1, 4), channels, multiplier];
      const biasShape = pick<number[] | undefined>(undefined, [outputs], [outputs], [1], [1, 1, outputs]);
      const dilation = pick(1, 1, 2);
      const settings = {
        strides: dilation === 1 ? pick(1, 2, 3) : 1,
        pad: pick<'same' | 'valid' | number>('same', 'valid', 1),
        dilations: dilation,
        activation,
      };
      const values = {
        x: randomValues(random, shape).map((value) => value * 8),
        filter: randomValues(random, filterShape),
        bias: randomValues(random, biasShape ?? []),
        alpha: randomValues(random, [outputs]),
      };
      const { reference, own } = await onBoth(() => [
        tf.fused.depthwiseConv2d({
          x: tf.tensor4d(values.x, shape),
          filter: tf.tensor4d(values.filter, filterShape),
          ...settings,
          ...(biasShape ? { bias: tf.tensor(values.bias, biasShape) } : {}),
          ...(activation === 'prelu' ? { preluActivationWeights: tf.tensor1d(values.alpha) } : {}),
          ...(activation === 'leakyrelu' ? { leakyreluAlpha: 0.3 } : {}),
        }),
      ]);
      const where = JSON.stringify({ shape, filterShape, biasShape, ...settings });
      expect(relativeError(own[0]!, reference[0]!), where).toBeLessThanOrEqual(TOLERANCE);
    }
  });

  it('agrees with the cpu backend without activation, far outside of the image too', async () => {
    const random = createRandom(14);
    for (let number = 0; number < 60; number++) {
      const shape: Shape = [2, random.integer(1, 9), random.integer(1, 9), random.integer(1, 18)];
      const filterShape: Shape = [random.integer(1, 4), random.integer(1, 4), shape[3], random.integer(1, 3)];
      const pad = random.integer(0, 5);
      const dilation = random.integer(1, 4);
      // TensorFlow.js computes both sizes of the output from the filter's height where the padding is a number.
      const reach = (filterShape[0] - 1) * dilation;
      const isTooLarge = Math.min(shape[1], shape[2]) + 2 * pad <= reach;
      if (isTooLarge) continue;
      const [x, filter] = [randomValues(random, shape), randomValues(random, filterShape)];
      const { reference, own } = await onBoth(() => [
        tf.depthwiseConv2d(tf.tensor4d(x, shape), tf.tensor4d(filter, filterShape), 1, pad, 'NHWC', dilation),
      ]);
      const where = JSON.stringify({ shape, filterShape, pad, dilation });
      expect(relativeError(own[0]!, reference[0]!), where).toBeLessThanOrEqual(TOLERANCE);
    }
  });

  it('says so when the filter does not fit the input', () => {
    const filter = () => tf.ones([3, 3, 2, 1]) as tf.Tensor4D;
    for (const shape of [
      [1, 1, 1, 2],
      [2, 1, 7, 2],
    ] as [number, number, number, number][]) {
      const convolve = () =>
        tf.tidy(() => tf.depthwiseConv2d(tf.ones(shape) as tf.Tensor4D, filter(), 1, 'valid'));
      expect(convolve).toThrow(`no larger than the padded input of shape [${shape}]`);
    }
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory();
    for (const activation of ['relu', 'elu'] as const) {
      const result = tf.tidy(() =>
        tf.fused.depthwiseConv2d({
          x: tf.ones([1, 4, 4, 2]) as tf.Tensor4D,
          filter: tf.ones([3, 3, 2, 1]) as tf.Tensor4D,
          strides: 1,
          pad: 'valid',
          activation,
        }),
      );
      expect(Array.from(result.dataSync())).toEqual(new Array(8).fill(9));
      result.dispose();
    }
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});
