// Every kernel of the package that does what one of TensorFlow.js does, beside the cpu backend: types, many axes, no
// values at all, and what reaches outside. The heap is guarded.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // the gradients
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, InvalidArgumentError } from 'xray-core';
import { startWasm } from './__fixtures__/backends.js';
import { CASES, type Compute } from './__fixtures__/conformance-cases.js';
import { type GuardedHeap, guardHeap } from './__fixtures__/guarded-heap.js';
import { accessBackend } from './backend-access.js';
import { registerKernels, type WasmKernels } from './register-kernels.js';

let heap: GuardedHeap;
let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  heap = guardHeap(accessBackend());
  kernels = await registerKernels();
});
afterAll(() => {
  kernels.unregister();
  heap.release();
});

describe('the kernels, beside the cpu backend', () => {
  it.each(Object.entries(CASES))('%s', async (name, makeCase) => {
    for (let seed = 0; seed < 16; seed++) {
      const [description, compute] = makeCase(createRandom(seed).stream(name));
      const message = `seed ${seed}: ${JSON.stringify(description)}`;
      await tf.setBackend('cpu');
      const reference = take(compute);
      await tf.setBackend('wasm');
      const before = tf.memory().numDataBuffers;
      const own = take(compute);
      expect(heap.isIntact(), message).toBe(true);
      expect(tf.memory().numDataBuffers, message).toBe(before);
      expect(own.length, message).toBe(reference.length);
      for (const [index, { shape, dtype, values }] of own.entries()) {
        const expected = reference[index]!;
        expect({ shape, dtype }, message).toEqual({ shape: expected.shape, dtype: expected.dtype });
        const wrong = expected.values.findIndex((value, at) => !isClose(values[at]!, value));
        expect(wrong, `${message}: ${values[wrong]} instead of ${expected.values[wrong]}`).toBe(-1);
      }
    }
  });
});

const image = () => tf.ones([1, 8, 8, 8]) as tf.Tensor4D;
const REFUSED: Record<string, Compute> = {
  'a slice past the end': () => tf.slice(tf.ones([2, 2]), [1, 1], [2, 2]),
  'a slice of integers past the end': () => tf.slice(tf.ones([2, 2], 'int32'), [0, 1], [2, 2]),
  'a slice of strings past the end': () => tf.slice(tf.tensor1d(['a', 'b']), 1, 2),
  'the largest of no values': () => tf.argMax(tf.ones([2, 0]), 1),
  'a transposed convolution to another size': () =>
    tf.conv2dTranspose(image(), tf.ones([8, 8, 8, 8]), [1, 4, 4, 8], 1, 'same'),
  'a transposed convolution to another batch': () =>
    tf.conv2dTranspose(image(), tf.ones([2, 2, 8, 8]), [2, 8, 8, 8], 1, 'same'),
  'a filter gradient of another size': () =>
    tf
      .engine()
      .runKernel(
        'Conv2DBackpropFilter',
        { x: image(), dy: tf.ones([1, 9, 8, 8]) },
        { strides: 1, pad: 'same', filterShape: [3, 3, 8, 8] },
      ),
  'a depthwise gradient of another size': () =>
    tf
      .engine()
      .runKernel(
        'DepthwiseConv2dNativeBackpropInput',
        { dy: tf.ones([1, 8, 8, 7]), filter: tf.ones([3, 3, 8, 1]) },
        { strides: 1, pad: 'same', dilations: 1, inputShape: [1, 8, 8, 8] },
      ),
  'a pooling gradient of another size': () =>
    tf
      .engine()
      .runKernel(
        'MaxPoolGrad',
        { dy: tf.ones([1, 5, 4, 8]), input: image(), output: image() },
        { filterSize: 2, strides: 2, pad: 'valid' },
      ),
  'an activation of integers': () =>
    tf.fused.matMul({ a: tf.ones([2, 2], 'int32'), b: tf.ones([2, 2], 'int32'), activation: 'elu' }),
};

describe('what the shapes rule out', () => {
  it.each(Object.entries(REFUSED))('refuses %s, and leaves no data behind', async (_name, compute) => {
    await tf.setBackend('wasm');
    const before = tf.memory().numDataBuffers;
    expect(() => tf.tidy(compute)).toThrow(InvalidArgumentError);
    expect(tf.memory().numDataBuffers).toBe(before);
    expect(heap.isIntact()).toBe(true);
  });
});

function take(compute: Compute): { shape: number[]; dtype: string; values: (number | string)[] }[] {
  return tf.tidy(() =>
    [compute()].flat().map((tensor) => ({
      shape: tensor.shape,
      dtype: tensor.dtype,
      values: Array.from(tensor.dataSync() as Iterable<number | string>),
    })),
  );
}

function isClose(own: number | string, expected: number | string): boolean {
  if (Object.is(own, expected) || own === expected) return true;
  return Math.abs((own as number) - (expected as number)) <= 1e-5 * Math.max(1, Math.abs(expected as number));
}
