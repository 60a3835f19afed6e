// Shared by the tests: both backends in Node, and comparison of one computation on the two.
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from 'xray-core';

/** Makes the wasm backend current. */
export async function startWasm(): Promise<void> {
  tf.env().set('IS_TEST', true); // no advertisement for tfjs-node
  await tf.setBackend('wasm');
  await tf.ready();
}

/** Values and shape of one tensor. */
export interface Result {
  readonly shape: number[];
  readonly values: ArrayLike<number>;
}

/** Runs the same computation on the cpu backend and on the wasm backend, and makes the latter current again. */
export async function onBoth<T extends tf.Tensor[]>(
  compute: () => T,
): Promise<{ reference: Result[]; own: Result[] }> {
  await tf.setBackend('cpu');
  const reference = take(compute);
  await tf.setBackend('wasm');
  return { reference, own: take(compute) };
}

function take(compute: () => tf.Tensor[]): Result[] {
  const tensors = tf.tidy(compute);
  const results = tensors.map((tensor) => ({ shape: tensor.shape, values: tensor.dataSync() }));
  tf.dispose(tensors);
  return results;
}

/** Largest absolute error divided by the largest absolute value of the reference. */
export function relativeError(own: Result, reference: Result): number {
  if (own.shape.join() !== reference.shape.join()) return Number.POSITIVE_INFINITY;
  let error = 0;
  let scale = 0;
  for (let index = 0; index < reference.values.length; index++) {
    const difference = Math.abs(own.values[index]! - reference.values[index]!);
    if (Number.isNaN(difference)) return Number.POSITIVE_INFINITY;
    error = Math.max(error, difference);
    scale = Math.max(scale, Math.abs(reference.values[index]!));
  }
  return scale === 0 ? error : error / scale;
}

/** Uniform values in `[-1, 1)`. */
export function randomValues(random: Random, shape: readonly number[]): Float32Array {
  return Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => random.uniform(-1, 1));
}
