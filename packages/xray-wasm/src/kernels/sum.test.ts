import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { onBoth, randomValues, relativeError, startWasm } from '../__fixtures__/backends.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

describe('Sum and Mean', () => {
  it.each([
    { shape: [300, 1], axis: 0 },
    { shape: [257, 37], axis: [0] },
    { shape: [4, 5, 6, 23], axis: [0, 1, 2] },
    { shape: [4, 5, 6, 23], axis: [2, 0, 1] },
    { shape: [4, 5, 6, 23], axis: [-2, 0, 1] },
    { shape: [2, 3, 16], axis: [0, 1] },
    { shape: [0, 5], axis: 0 },
    { shape: [3, 4, 5], axis: 1 },
    { shape: [3, 4, 5, 6, 2], axis: [1, 2] },
    { shape: [2, 9, 8, 20], axis: [1, 2] },
    { shape: [4, 5, 6, 7], axis: [0, 2] },
    { shape: [4, 300, 3], axis: 0 },
    { shape: [4, 0, 3], axis: [] },
    { shape: [2, 3], axis: [] },
    { shape: [3, 4, 5], axis: undefined },
    { shape: [3, 4, 5], axis: 2 },
    { shape: [7], axis: 0 },
  ])('agrees with the cpu backend: $shape over $axis', async ({ shape, axis }) => {
    const values = randomValues(createRandom(1), shape).map(Math.abs); // no cancellation: the error is that of the sum
    for (const keepDims of [false, true]) {
      const { reference, own } = await onBoth(() => {
        const x = tf.tensor(values, shape);
        return [tf.sum(x, axis, keepDims), ...(values.length > 0 ? [tf.mean(x, axis, keepDims)] : [])];
      });
      own.forEach((result, index) => {
        expect(result.shape).toEqual(reference[index]!.shape);
        expect(relativeError(result, reference[index]!)).toBeLessThanOrEqual(1e-6);
      });
    }
  });

  it('leaves integers to the stock kernel', async () => {
    const { reference, own } = await onBoth(() => {
      const x = tf.tensor([1, 2, 3, 4, 5, 6], [3, 2], 'int32');
      return [tf.sum(x, 0), tf.mean(x, 0)];
    });
    expect(own).toEqual(reference);
  });

  it('stays exact where one running float32 sum would not', () => {
    const rows = 2 ** 17;
    const sum = tf.tidy(() => tf.sum(tf.fill([rows, 4], 0.1), 0).dataSync());
    for (const value of sum) expect(Math.abs(value / (rows * Math.fround(0.1)) - 1)).toBeLessThan(1e-5);
  });
});
