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

/** Stored so that, transposed or not, the product is [rows, depth] x [depth, columns]. */
function stored(outer: readonly number[], first: number, second: number, isTransposed: boolean): number[] {
  return [...outer, ...(isTransposed ? [second, first] : [first, second])];
}

async function expectSame(options: {
  rows: number;
  depth: number;
  columns: number;
  transposeA: boolean;
  transposeB: boolean;
  outerA?: readonly number[];
  outerB?: readonly number[];
}): Promise<void> {
  const { rows, depth, columns, transposeA, transposeB, outerA = [], outerB = [] } = options;
  const random = createRandom(rows * 1000 + depth + columns);
  const shapeA = stored(outerA, rows, depth, transposeA);
  const shapeB = stored(outerB, depth, columns, transposeB);
  const [valuesA, valuesB] = [
    randomValues(random.stream('a'), shapeA),
    randomValues(random.stream('b'), shapeB),
  ];
  const { reference, own } = await onBoth(() => [
    tf.matMul(tf.tensor(valuesA, shapeA), tf.tensor(valuesB, shapeB), transposeA, transposeB),
  ]);
  expect(own[0]!.shape).toEqual(reference[0]!.shape);
  expect(relativeError(own[0]!, reference[0]!)).toBeLessThanOrEqual(3e-6);
}

const FLAGS = [false, true].flatMap((transposeA) =>
  [false, true].map((transposeB) => ({ transposeA, transposeB })),
);

describe.each(FLAGS)('BatchMatMul with %j', (flags) => {
  it('agrees with the cpu backend over random shapes', async () => {
    const random = createRandom(7).stream(JSON.stringify(flags));
    for (let round = 0; round < 40; round++) {
      const [rows, depth, columns] = [random.integer(1, 41), random.integer(1, 70), random.integer(1, 41)];
      await expectSame({ rows, depth, columns, ...flags });
    }
  });

  it.each([
    { rows: 1, depth: 1, columns: 1 },
    { rows: 5, depth: 1024, columns: 9 },
    { rows: 5, depth: 1025, columns: 9 },
    { rows: 13, depth: 3000, columns: 17 },
    { rows: 700, depth: 6, columns: 20 },
  ])('agrees at the edges: $rows x $depth x $columns', (shape) => expectSame({ ...shape, ...flags }));

  it.each([
    { outerA: [3], outerB: [3] },
    { outerA: [1], outerB: [3] },
    { outerA: [3], outerB: [] },
    { outerA: [], outerB: [2, 3] },
    { outerA: [2, 3], outerB: [2, 3] },
    { outerA: [1, 1], outerB: [4] },
  ])('agrees for batches $outerA and $outerB', (outer) =>
    expectSame({ rows: 6, depth: 11, columns: 10, ...outer, ...flags }),
  );
});

describe('BatchMatMul', () => {
  it('leaves nothing behind and handles empty matrices', async () => {
    const { reference, own } = await onBoth(() => [tf.matMul(tf.zeros([0, 3]), tf.ones([3, 2]))]);
    expect(own).toEqual(reference);
    const before = tf.memory().numTensors;
    tf.tidy(() => tf.matMul(tf.ones([5, 2000]), tf.ones([5, 2000]), true, false).dataSync());
    expect(tf.memory().numTensors).toBe(before);
  });

  // The cpu backend takes other matrices here, or none.
  it('broadcasts batches of matrices over several axes', () => {
    const [a, b] = [tf.randomUniform([2, 1, 3, 4]), tf.randomUniform([2, 3, 4, 2])];
    const split = (tensor: tf.Tensor) => tf.unstack(tensor).map((group) => tf.unstack(group));
    const products = split(tf.matMul(a, b));
    expect(products.map((group) => group.length)).toEqual([3, 3]);
    for (const [outer, group] of products.entries()) {
      for (const [inner, product] of group.entries()) {
        const single = tf.matMul(split(a)[outer]![0]!, split(b)[outer]![inner]!);
        expect(Array.from(product.dataSync())).toEqual(Array.from(single.dataSync()));
      }
    }
  });
});
