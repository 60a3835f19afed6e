import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { onBoth, randomValues, startWasm } from '../__fixtures__/backends.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

type Shape = [number, number, number, number];

describe('MaxPool', () => {
  it('equals the cpu backend on random windows, strides, paddings and channels', async () => {
    const random = createRandom(1);
    const pads = ['same', 'valid', 0, 1, 2] as const;
    for (let number = 0; number < 150; number++) {
      const shape: Shape = [random.integer(1, 4), random.integer(4, 13), random.integer(4, 13), random.integer(1, 22)]; // biome-ignore format: short
      const attributes = {
        filterSize: [random.integer(1, 5), random.integer(1, 5)],
        strides: [random.integer(1, 4), random.integer(1, 4)],
        pad: pads[random.integer(0, pads.length)]!,
      };
      const values = randomValues(random, shape);
      const { reference, own } = await onBoth(() => [
        tf.engine().runKernel('MaxPool', { x: tf.tensor(values, shape) }, attributes) as tf.Tensor,
      ]);
      expect(own, JSON.stringify({ shape, attributes })).toEqual(reference);
    }
  });

  it('writes nothing past its output with a number as padding and unequal strides', () => {
    tf.tidy(() => {
      const x = tf.ones([1, 40, 40, 8]);
      const pooled: tf.Tensor[] = [];
      const others: tf.Tensor[] = [];
      for (let number = 0; number < 20; number++) {
        const attributes = { filterSize: [3, 3], strides: [3, 1], pad: 1 };
        pooled.push(tf.engine().runKernel('MaxPool', { x }, attributes) as tf.Tensor);
        others.push(tf.fill([500], 7));
      }
      for (const { shape } of pooled) expect(shape).toEqual(pooled[0]!.shape);
      for (const other of others) expect(other.dataSync().every((value) => value === 7)).toBe(true);
      for (const result of pooled) {
        const isInside = (value: number) => value === 1 || value === Number.NEGATIVE_INFINITY;
        expect(Array.from(result.dataSync()).every(isInside)).toBe(true);
      }
    });
  });

  it('takes integers', async () => {
    const { reference, own } = await onBoth(() => [
      tf.maxPool(tf.tensor4d([1, 2, 3, 5, -8, 7, 1, 2], [1, 4, 2, 1], 'int32'), 2, 2, 'valid'),
    ]);
    expect(own).toEqual(reference);
  });

  it('never takes NaN for the largest', () => {
    const { NaN: none } = Number;
    const largest = tf.tidy(() =>
      tf.maxPool(tf.tensor4d([none, 1, 2, none], [1, 2, 2, 1]), 2, 2, 'valid').dataSync(),
    );
    expect(Array.from(largest)).toEqual([2]);
  });

  it('says so when the window does not fit the input', () => {
    const compute = () => tf.tidy(() => tf.maxPool(tf.zeros([1, 2, 2, 1]) as tf.Tensor4D, 5, 1, 'valid'));
    expect(compute).toThrow(/`filterSize` must be no larger than the padded input of shape \[1,2,2,1\]/);
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory();
    tf.tidy(() => void tf.maxPool(tf.ones([1, 4, 4, 3], 'int32') as tf.Tensor4D, 2, 2, 'valid'));
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});
