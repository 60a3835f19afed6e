import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // registers the gradients of TensorFlow.js
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Device, selectDevice } from 'xray-node-gpu';
import { kernelSwitch } from './kernel-switch.js';

let wasm: Device;
const kernels = kernelSwitch();
beforeAll(async () => {
  wasm = await selectDevice({ require: 'wasm' });
});
afterAll(async () => {
  await kernels.own();
  wasm.dispose();
});

describe('registerStockGradients', () => {
  it.each([
    { filter: 3, stride: 1, pad: 'valid', pool: 2, poolStride: 2 },
    { filter: 3, stride: 2, pad: 'valid', pool: 3, poolStride: 2 },
    { filter: 5, stride: 1, pad: 'same', pool: 3, poolStride: 1 },
    { filter: 3, stride: 2, pad: 'same', pool: 3, poolStride: 2 },
  ] as const)(
    'gives the gradients of the cpu backend: %o',
    async ({ filter, stride, pad, pool, poolStride }) => {
      const gradients = async () => {
        const images = tf.randomNormal<tf.Rank.R4>([2, 17, 14, 3], 0, 1, 'float32', 1);
        const filters = tf.randomNormal<tf.Rank.R4>([filter, filter, 3, 4], 0, 1, 'float32', 2);
        const loss = (x: tf.Tensor, w: tf.Tensor) =>
          tf.sum(
            tf.square(
              tf.maxPool(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad), pool, poolStride, pad),
            ),
          );
        const results = tf.tidy(() => tf.grads(loss)([images, filters]));
        const values = await Promise.all(results.map(async (result) => Array.from(await result.data())));
        tf.dispose([images, filters, results]);
        return values;
      };
      await tf.setBackend('cpu');
      const expected = await gradients();
      await kernels.stock();
      const tensors = tf.memory().numTensors;
      const actual = await gradients();
      expect(tf.memory().numTensors).toBe(tensors);
      for (const [index, values] of actual.entries()) {
        const largest = Math.max(...expected[index]!.map(Math.abs));
        const errors = values.map((value, at) => Math.abs(value - expected[index]![at]!) / largest);
        expect(Math.max(...errors)).toBeLessThan(1e-5);
      }
    },
  );
});
