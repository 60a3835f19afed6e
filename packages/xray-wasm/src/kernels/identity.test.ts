import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWasm } from '../__fixtures__/backends.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

describe('Identity and Cast', () => {
  it.each([
    ['clone', (x: tf.Tensor) => tf.clone(x)],
    ['cast to the same type', (x: tf.Tensor) => tf.cast(x, x.dtype)],
  ])('%s shares the data, which outlives either tensor', (_name, copy) => {
    for (const dtype of ['float32', 'int32', 'bool'] as const) {
      const before = tf.memory();
      const first = tf.tensor([1, 0, 1], [3], dtype);
      const second = copy(first);
      expect(second.dataId).toBe(first.dataId);
      first.dispose();
      expect(Array.from(second.dataSync())).toEqual([1, 0, 1]);
      second.dispose();
      expect(tf.memory()).toMatchObject({
        numTensors: before.numTensors,
        numDataBuffers: before.numDataBuffers,
      });
    }
  });

  it('clones text', () => {
    const copy = tf.tidy(() => tf.clone(tf.tensor(['left', 'right'])));
    expect(copy.dataSync()).toEqual(['left', 'right']);
    copy.dispose();
  });

  it('still converts between types', () => {
    tf.tidy(() => {
      const integers = tf.cast(tf.tensor([1.7, -2.3]), 'int32');
      expect(integers.dtype).toBe('int32');
      expect(Array.from(integers.dataSync())).toEqual([1, -2]);
    });
  });

  it('does not change a variable when a tensor cloned from it is still in use', () => {
    const variable = tf.variable(tf.tensor([1, 2]));
    const kept = tf.clone(variable);
    variable.assign(tf.tensor([3, 4]));
    expect(Array.from(kept.dataSync())).toEqual([1, 2]);
    expect(Array.from(variable.dataSync())).toEqual([3, 4]);
    tf.dispose([variable, kept]);
  });
});
