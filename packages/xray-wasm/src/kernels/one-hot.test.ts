import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { onBoth, startWasm } from '../__fixtures__/backends.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

describe('OneHot', () => {
  it.each(['float32', 'int32', 'bool'] as const)(
    'agrees with the cpu backend on random indices: %s',
    async (dtype) => {
      const random = createRandom(13);
      for (let number = 0; number < 30; number++) {
        const depth = random.integer(2, 8);
        const shape = Array.from({ length: random.integer(1, 4) }, () => random.integer(1, 5));
        const indices = Int32Array.from({ length: tf.util.sizeFromShape(shape) }, () =>
          random.integer(-1, depth + 1),
        );
        const [on, off] = dtype === 'float32' ? [0.9, 0.05] : [1, 0];
        const { reference, own } = await onBoth(() => [
          tf.oneHot(tf.tensor(indices, shape, 'int32'), depth, on, off, dtype),
        ]);
        expect(own[0]!.shape).toEqual(reference[0]!.shape);
        expect(Array.from(own[0]!.values)).toEqual(Array.from(reference[0]!.values));
      }
    },
  );

  it('takes no indices and leaves no tensor behind', () => {
    const before = tf.memory();
    const result = tf.tidy(() => tf.oneHot(tf.tensor1d([], 'int32'), 3, 1, 0, 'float32'));
    expect(result.shape).toEqual([0, 3]);
    result.dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});
