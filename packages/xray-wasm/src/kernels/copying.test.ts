import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { onBoth, type Result, randomValues, startWasm } from '../__fixtures__/backends.js';
import { registerKernels, type WasmKernels } from '../register-kernels.js';

let kernels: WasmKernels;
beforeAll(async () => {
  await startWasm();
  kernels = await registerKernels();
});
afterAll(() => kernels.unregister());

const random = createRandom(5);
const plain = (results: Result[]) =>
  results.map(({ shape, values }) => ({ shape, values: Array.from(values) }));
const tensorOf = (shape: number[], seed: number) => tf.tensor(randomValues(createRandom(seed), shape), shape);

describe('Concat', () => {
  const cases = Array.from({ length: 60 }, (_, seed) => {
    const draw = random.stream('concat', seed);
    const shape = Array.from({ length: draw.integer(1, 5) }, () => draw.integer(1, 12));
    const axis = draw.integer(-shape.length, shape.length);
    const place = axis < 0 ? axis + shape.length : axis;
    const sizes = Array.from({ length: draw.integer(1, 5) }, () => draw.integer(0, 14));
    return { seed, axis, shapes: sizes.map((size) => shape.map((side, at) => (at === place ? size : side))) };
  });

  it.each(cases)('equals the cpu backend: $shapes along $axis', async ({ seed, axis, shapes }) => {
    const { reference, own } = await onBoth(() => [
      tf.concat(
        shapes.map((shape, index) => tensorOf(shape, seed * 10 + index)),
        axis,
      ),
    ]);
    expect(plain(own)).toEqual(plain(reference));
  });

  it('repeats one tensor, as a gray image that becomes RGB', async () => {
    const { reference, own } = await onBoth(() => {
      const gray = tensorOf([2, 5, 7, 1], 3);
      return [tf.concat([gray, gray, gray], 3)];
    });
    expect(plain(own)).toEqual(plain(reference));
  });

  it('leaves integers to the stock kernel', async () => {
    const { reference, own } = await onBoth(() => [
      tf.concat([tf.tensor2d([[1], [2]], [2, 1], 'int32'), tf.ones([2, 3], 'int32')], 1),
    ]);
    expect(plain(own)).toEqual(plain(reference));
  });

  it('refuses shapes that do not fit', () => {
    expect(() => tf.concat([tf.ones([2, 3]), tf.ones([3, 3])], 1)).toThrow();
  });
});

describe('Reverse', () => {
  const cases = Array.from({ length: 60 }, (_, seed) => {
    const draw = random.stream('reverse', seed);
    const shape = Array.from({ length: draw.integer(1, 5) }, () => draw.integer(1, 14));
    return { seed, shape, axis: draw.integer(-shape.length, shape.length) };
  });

  it.each(cases)('equals the cpu backend: $shape along $axis', async ({ seed, shape, axis }) => {
    const { reference, own } = await onBoth(() => [tf.reverse(tensorOf(shape, seed), axis)]);
    expect(plain(own)).toEqual(plain(reference));
  });

  it.each([[[0, 1]], [undefined], [[2]]])('handles the axes %j', async (axes) => {
    const { reference, own } = await onBoth(() => [tf.reverse(tensorOf([3, 4, 5], 1), axes)]);
    expect(plain(own)).toEqual(plain(reference));
  });

  it('leaves integers to the stock kernel', async () => {
    const { reference, own } = await onBoth(() => [tf.reverse(tf.tensor1d([1, 2, 3], 'int32'))]);
    expect(plain(own)).toEqual(plain(reference));
  });
});

describe('Slice', () => {
  const cases = Array.from({ length: 60 }, (_, seed) => {
    const draw = random.stream('slice', seed);
    const shape = Array.from({ length: draw.integer(1, 5) }, () => draw.integer(1, 9));
    const isContiguous = draw.uniform() < 0.6;
    const begin = shape.map((side, at) => (at === 0 || !isContiguous ? draw.integer(0, side) : 0));
    const size = shape.map((side, at) => {
      if (isContiguous && at > 0) return -1;
      return draw.uniform() < 0.2 ? -1 : draw.integer(0, side - begin[at]! + 1);
    });
    return { seed, shape, begin, size };
  });

  it.each(cases)(
    'equals the cpu backend: $shape from $begin, $size',
    async ({ seed, shape, begin, size }) => {
      const { reference, own } = await onBoth(() => [tf.slice(tensorOf(shape, seed), begin, size)]);
      expect(plain(own)).toEqual(plain(reference));
    },
  );

  it('leaves integers to the stock kernel and refuses what is outside', async () => {
    const { reference, own } = await onBoth(() => [tf.slice(tf.tensor1d([1, 2, 3], 'int32'), 1, 2)]);
    expect(plain(own)).toEqual(plain(reference));
    expect(() => tf.slice(tf.ones([3, 4]), [2, 0], [2, 4])).toThrow();
  });
});
