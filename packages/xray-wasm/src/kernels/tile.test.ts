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

describe('Tile', () => {
  it('equals the cpu backend on random shapes, types and repetitions', async () => {
    const random = createRandom(1);
    for (let number = 0; number < 60; number++) {
      const rank = random.integer(1, 5);
      const shape = Array.from({ length: rank }, () => random.integer(1, 11));
      const repetitions = shape.map(() => random.integer(1, 4));
      const dtype = (['float32', 'int32', 'bool'] as const)[random.integer(0, 3)]!;
      const values = randomValues(random, shape).map((value) =>
        dtype === 'float32' ? value : Math.abs(Math.round(value)),
      );
      const { reference, own } = await onBoth(() => [
        tf.tile(tf.tensor(Array.from(values), shape, dtype), repetitions),
      ]);
      expect(own, JSON.stringify({ shape, repetitions, dtype })).toEqual(reference);
    }
  });

  it('repeats a row of channels over a map, as the gradient of the stock batch normalization does', async () => {
    const values = randomValues(createRandom(2), [1, 1, 1, 5]);
    const { reference, own } = await onBoth(() => [tf.tile(tf.tensor(values, [1, 1, 1, 5]), [3, 17, 9, 1])]);
    expect(own).toEqual(reference);
  });

  it('repeats nothing zero times, and leaves no tensor behind', () => {
    const before = tf.memory();
    tf.tidy(() => {
      expect(tf.tile(tf.ones([2, 3]), [2, 0]).shape).toEqual([4, 0]);
      expect(tf.tile(tf.ones([0, 3]), [2, 2]).shape).toEqual([0, 6]);
      const same = tf.ones([2, 3]);
      expect(tf.tile(same, [1, 1]).dataSync()).toEqual(same.dataSync());
    });
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});
