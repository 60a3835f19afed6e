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

type Pair = [number, number];
type Shape = [number, number, number, number];

interface Pooling {
  readonly filterSize: Pair;
  readonly strides: Pair;
  readonly pad: 'same' | 'valid' | number;
}

/**
 * The gradient on both backends, for a gradient of the output cut from `dyValues`. The pooled output is not needed.
 */
function poolGradients(input: Float32Array, shape: Shape, dyValues: Float32Array, pooling: Pooling) {
  const { filterSize, strides, pad } = pooling;
  const { outShape } = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad);
  return onBoth(() => {
    const dy = tf.tensor(dyValues.slice(0, tf.util.sizeFromShape(outShape)), outShape);
    const inputs = { dy, input: tf.tensor(input, shape), output: dy };
    return [tf.engine().runKernel('MaxPoolGrad', inputs, { ...pooling }) as tf.Tensor];
  });
}

/** Small integers: many ties, and sums that are exact in any order. */
const integers = (values: Float32Array, range: number) => values.map((value) => Math.round(value * range));

describe('MaxPoolGrad', () => {
  it('equals the cpu backend on random windows, strides, paddings and channels, with ties', async () => {
    const random = createRandom(1);
    for (let number = 0; number < 120; number++) {
      const shape: Shape = [
        random.integer(1, 4),
        random.integer(4, 13),
        random.integer(4, 13),
        random.integer(1, 14),
      ];
      const filterSize: Pair = [random.integer(1, 5), random.integer(1, 5)];
      const strides: Pair = [random.integer(1, 4), random.integer(1, 4)];
      const pad = (['same', 'valid', 1] as const)[random.integer(0, 3)]!;
      if (pad === 1 && (filterSize[0] < 2 || filterSize[0] !== filterSize[1])) continue; // windows of padding only
      const input = integers(randomValues(random, shape), 3);
      const gradients = integers(randomValues(random, [10_000]), 8);
      const { reference, own } = await poolGradients(input, shape, gradients, { filterSize, strides, pad });
      expect(own, JSON.stringify({ shape, filterSize, strides, pad })).toEqual(reference);
    }
  });

  it.each([
    { shape: [2, 8, 6, 8], name: 'even sizes' },
    { shape: [2, 9, 7, 4], name: 'odd sizes, whose last row and column nobody sees' },
    { shape: [1, 6, 6, 6], name: 'channels that are no multiple of 4' },
    { shape: [3, 3, 2, 12], name: 'one window high' },
  ] as { shape: Shape; name: string }[])(
    'equals the cpu backend for windows of 2 x 2: $name',
    async ({ shape }) => {
      const random = createRandom(2);
      const input = integers(randomValues(random, shape), 2);
      const { reference, own } = await poolGradients(input, shape, randomValues(random, [1000]), {
        filterSize: [2, 2],
        strides: [2, 2],
        pad: 'valid',
      });
      expect(own).toEqual(reference);
    },
  );

  it.each([4, 3])('gives nothing to NaN or to windows without a number, %i channels', async (channels) => {
    const { NaN: none, NEGATIVE_INFINITY: low } = Number;
    const pixels = [none, 1, 1, none, low, low, low, low, none, none, none, none, 2, none, 3, 3];
    const input = Float32Array.from(
      { length: 16 * channels },
      (_, index) => pixels[Math.floor(index / channels)]!,
    );
    const dx = tf.tidy(() => {
      const x = tf.tensor(input, [4, 2, 2, channels]);
      const dy = tf.ones([4, 1, 1, channels]);
      const attributes = { filterSize: 2, strides: 2, pad: 'valid' };
      const dx = tf.engine().runKernel('MaxPoolGrad', { dy, input: x, output: dy }, attributes) as tf.Tensor;
      return Array.from(tf.slice(tf.reshape(dx, [16, channels]), [0, 0], [16, 1]).dataSync());
    });
    expect(dx).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
  });
});
