import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { onBoth, randomValues, relativeError, startWasm } from '../__fixtures__/backends.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';

const TOLERANCE = 3e-6;

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

describe('FusedConv2D', () => {
  const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const;
  const biases = [undefined, [5], [1], [], [1, 1, 5], [6, 7, 5]];
  const cases = activations.flatMap((activation) => biases.map((bias) => ({ activation, bias })));

  it.each(cases)(
    'agrees with the cpu backend: $activation, bias of shape $bias',
    async ({ activation, bias }) => {
      const random = createRandom(8);
      const values = {
        x: randomValues(random, [2, 6, 7, 3]),
        filter: randomValues(random, [3, 3, 3, 5]),
        bias: randomValues(random, bias ?? []),
        alpha: randomValues(random, [5]),
      };
      const { reference, own } = await onBoth(() => {
        return [
          tf.fused.conv2d({
            x: tf.mul(tf.tensor4d(values.x, [2, 6, 7, 3]), 4) as tf.Tensor4D,
            filter: tf.tensor4d(values.filter, [3, 3, 3, 5]),
            strides: 1,
            pad: 'same',
            activation,
            ...(bias ? { bias: tf.tensor(values.bias, bias) } : {}),
            ...(activation === 'prelu' ? { preluActivationWeights: tf.tensor(values.alpha, [5]) } : {}),
            ...(activation === 'leakyrelu' ? { leakyreluAlpha: 0.3 } : {}),
          }),
        ];
      });
      expect(relativeError(own[0]!, reference[0]!)).toBeLessThanOrEqual(TOLERANCE);
    },
  );

  it('applies bias and activation in channels-first layout', async () => {
    const random = createRandom(9);
    const values = {
      x: randomValues(random, [2, 3, 6, 7]),
      filter: randomValues(random, [3, 3, 3, 5]),
      vector: randomValues(random, [5]),
    };
    const { reference, own } = await onBoth(() => [
      tf.engine().runKernel(
        'FusedConv2D',
        {
          x: tf.tensor(values.x, [2, 3, 6, 7]),
          filter: tf.tensor(values.filter, [3, 3, 3, 5]),
          bias: tf.tensor(values.vector, [5]),
          preluActivationWeights: tf.tensor(values.vector, [5]),
        },
        { strides: 1, pad: 'same', dataFormat: 'NCHW', dilations: 1, activation: 'prelu' },
      ) as tf.Tensor,
    ]);
    expect(relativeError(own[0]!, reference[0]!)).toBeLessThanOrEqual(TOLERANCE);
  });

  it('lists the activations it knows', () => {
    const compute = () =>
      tf.tidy(() =>
        tf.fused.conv2d({
          x: tf.ones([1, 2, 2, 1]) as tf.Tensor4D,
          filter: tf.ones([1, 1, 1, 1]),
          strides: 1,
          pad: 'valid',
          activation: 'tanh' as 'relu',
        }),
      );
    expect(compute).toThrow(/`activation` must be 'linear', 'relu'.*Received: "tanh"/);
  });

  it('keeps NaN visible through ReLU', () => {
    const result = tf.tidy(() =>
      tf.fused
        .conv2d({
          x: tf.tensor4d([Number.NaN, -1, 2], [1, 1, 3, 1]),
          filter: tf.ones([1, 1, 1, 1]),
          strides: 1,
          pad: 'valid',
          activation: 'relu',
        })
        .dataSync(),
    );
    expect(Array.from(result)).toEqual([Number.NaN, 0, 2]);
  });
});
