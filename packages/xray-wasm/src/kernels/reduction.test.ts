import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWasm } from '../__fixtures__/backends.js';
import type { NumberType } from '../__fixtures__/conformance-cases.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

// Where the cpu backend reads past its empty array or has other conventions, TensorFlow's results are given.
describe('reductions of nothing', () => {
  const nothing = (dtype: NumberType = 'float32') => tf.ones([2, 0], dtype);
  it.each<[string, () => tf.Tensor, number]>([
    ['sum', () => tf.sum(nothing(), 1), 0],
    ['sum of integers', () => tf.sum(nothing('int32'), 1), 0],
    ['prod', () => tf.prod(nothing(), 1), 1],
    ['mean', () => tf.mean(nothing(), 1), Number.NaN],
    ['max', () => tf.max(nothing(), 1), Number.NEGATIVE_INFINITY],
    ['max of integers', () => tf.max(nothing('int32'), 1), -2147483648],
    ['min', () => tf.min(nothing(), 1), Number.POSITIVE_INFINITY],
    ['all', () => tf.all(nothing('bool'), 1), 1],
    ['any', () => tf.any(nothing('bool'), 1), 0],
  ])('%s', (_name, compute, expected) => {
    expect(Array.from(tf.tidy(compute).dataSync())).toEqual([expected, expected]);
  });
});
