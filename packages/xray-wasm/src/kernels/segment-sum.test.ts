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

describe('UnsortedSegmentSum', () => {
  it('agrees with the cpu backend on random shapes, with segments that do not exist', async () => {
    const random = createRandom(1);
    for (let number = 0; number < 60; number++) {
      const rank = random.integer(1, 5);
      const shape = [random.integer(1, 30), ...Array.from({ length: rank - 1 }, () => random.integer(1, 8))];
      const segments = random.integer(1, 9);
      const values = randomValues(random, shape);
      const ids = Int32Array.from({ length: shape[0]! }, () => random.integer(-1, segments + 2));
      const { reference, own } = await onBoth(() => [
        tf.unsortedSegmentSum(tf.tensor(values, shape), tf.tensor1d(ids, 'int32'), segments),
      ]);
      expect(relativeError(own[0]!, reference[0]!), JSON.stringify({ shape, segments })).toBeLessThan(1e-6);
    }
  });

  it('takes integers, as the cpu backend does', async () => {
    const { reference, own } = await onBoth(() => [
      tf.unsortedSegmentSum(
        tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2], 'int32'),
        tf.tensor1d([1, 0, 1], 'int32'),
        3,
      ),
    ]);
    expect(own).toEqual(reference);
  });

  it('says what it needs when the segments do not match', () => {
    const compute = () =>
      tf.tidy(() => tf.unsortedSegmentSum(tf.ones([3, 2]), tf.tensor1d([0, 1], 'int32'), 2));
    expect(compute).toThrow(
      /`segmentIds` must be an int32 vector with one number for each row of a tensor of shape \[3,2\]/,
    );
  });
});
