import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from 'xray-core';
import type { KernelContext, KernelFactory } from '../kernel-context.js';
import { tilesPerPanel } from '../run-convolution.js';
import { applyEpilogue } from './epilogue.js';

/** Deeper products are computed slice by slice of the depth, so that what is multiplied stays in the cache. */
const DEPTH_PER_SLICE = 1024;

/** One product of float32 matrices, by their addresses. */
interface Product {
  readonly a: number;
  /** `[depth, rows]` instead of `[rows, depth]`. */
  readonly transposeA: boolean;
  readonly b: number;
  /** `[columns, depth]` instead of `[depth, columns]`. */
  readonly transposeB: boolean;
  readonly output: number;
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
}

/**
 * `BatchMatMul`: the stock kernel multiplies transposed matrices, which all gradients of dense layers need, without SIMD,
 * stops where there is nothing to multiply, and takes float32 alone. Batches broadcast.
 */
export const createBatchMatMul: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { a, b } = inputs as unknown as { a: tf.TensorInfo; b: tf.TensorInfo };
    const { transposeA, transposeB } = attrs as unknown as MatrixAttributes;
    return multiplyBatches(context, a, b, transposeA, transposeB);
  };

/** `_FusedMatMul`: the stock kernel multiplies transposed matrices wrongly and takes a bias of one axis alone. */
export const createFusedMatMul: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { a, b, bias, preluActivationWeights } = inputs as unknown as {
      a: tf.TensorInfo;
      b: tf.TensorInfo;
      bias?: tf.TensorInfo | undefined;
      preluActivationWeights?: tf.TensorInfo | undefined;
    };
    const { transposeA, transposeB, activation, leakyreluAlpha } = attrs as unknown as MatrixAttributes & {
      activation?: string | undefined;
      leakyreluAlpha?: number | undefined;
    };
    if (a.dtype !== 'float32' && activation && activation !== 'linear') {
      throw new InvalidArgumentError({
        argument: 'a',
        expected: `float32, for the activation '${activation}'`,
        received: a.dtype,
      });
    }
    const product = multiplyBatches(context, a, b, transposeA, transposeB);
    return applyEpilogue(context, product, { bias, activation, preluActivationWeights, leakyreluAlpha });
  };

interface MatrixAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function multiplyBatches(
  context: KernelContext,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): tf.TensorInfo {
  const [rows, depth] = matrixShape(a, transposeA);
  const [innerDepth, columns] = matrixShape(b, transposeB);
  if (depth !== innerDepth || a.dtype !== b.dtype) {
    throw new InvalidArgumentError({
      argument: 'b',
      expected: `${a.dtype} matrices that matrices of [${rows}, ${depth}] can be multiplied with`,
      received: { shape: b.shape, dtype: b.dtype, transposeB },
    });
  }
  const { backend } = context;
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
  const output = backend.makeOutput([...batch, rows, columns], a.dtype as 'float32');
  const [placeA, placeB] = [placesOf(batchA, batch), placesOf(batchB, batch)];
  const matrices = { transposeA, transposeB, rows, depth, columns };
  if (a.dtype !== 'float32') {
    multiplyIntegers(context, a, b, output, matrices, placeA, placeB);
    return output;
  }
  const [first, second, target] = [a, b, output].map((tensor) => backend.addressOf(tensor)) as Triple;
  if (Math.min(rows, columns) < 1) return output;
  if (depth === 0) {
    context.module.clear(target, tf.util.sizeFromShape(output.shape) * 4);
    return output;
  }
  placeA.forEach((place, index) => {
    runProduct(context, {
      ...matrices,
      a: first + place * rows * depth * 4,
      b: second + placeB[index]! * depth * columns * 4,
      output: target + index * rows * columns * 4,
    });
  });
  return output;
}

/** Which of its matrices a tensor has at each place of the batch. */
function placesOf(shape: readonly number[], batch: readonly number[]): number[] {
  const missing = batch.length - shape.length;
  return batch.reduce<number[]>(
    (places, size, axis) => {
      const own = axis < missing ? 1 : shape[axis - missing]!;
      return places.flatMap((place) =>
        Array.from({ length: size }, (_, index) => (own === 1 ? place : place * own + index)),
      );
    },
    [0],
  );
}

/** Products of integers, as of the tables of a confusion matrix: exact up to 2 ** 53, then cut off to the type. */
function multiplyIntegers(
  { backend }: KernelContext,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  output: tf.TensorInfo,
  { transposeA, transposeB, rows, depth, columns }: Omit<Product, 'a' | 'b' | 'output'>,
  placeA: readonly number[],
  placeB: readonly number[],
): void {
  const [left, right, product] = [a, b, output].map((tensor) => backend.valuesOf(tensor));
  const [rowStep, leftStep] = transposeA ? [1, rows] : [depth, 1];
  const [rightStep, columnStep] = transposeB ? [1, depth] : [columns, 1];
  let at = 0;
  for (const [index, place] of placeA.entries()) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const from = place * rows * depth + row * rowStep;
        const to = placeB[index]! * depth * columns + column * columnStep;
        let sum = 0;
        for (let step = 0; step < depth; step++) {
          sum += left![from + step * leftStep]! * right![to + step * rightStep]!;
        }
        product![at++] = sum;
      }
    }
  }
}

type Triple = [number, number, number];

function runProduct(context: KernelContext, product: Product): void {
  const { module, scratch } = context;
  const { a, transposeA, output, rows, depth, columns } = product;
  const paddedColumns = Math.ceil(columns / 8) * 8;
  const flag = transposeA ? 1 : 0;
  const length = Math.min(depth, DEPTH_PER_SLICE);
  const packed = scratch.reserve('filter', length * paddedColumns * 4);
  if (depth <= DEPTH_PER_SLICE) {
    packColumns(context, product, packed, 0, depth);
    const tiles = tilesPerPanel(depth);
    const panel = scratch.reserve('panel', tiles * depth * 16);
    module.multiplyMatrices(a, flag, packed, output, rows, depth, columns, panel, tiles);
    return;
  }
  const paddedRows = Math.ceil(rows / 4) * 4;
  const panel = scratch.reserve('panel', paddedRows * length * 4);
  const accumulators = scratch.reserve('accumulators', paddedRows * paddedColumns * 4);
  module.clear(accumulators, paddedRows * paddedColumns * 4);
  for (let start = 0; start < depth; start += length) {
    const slice = Math.min(length, depth - start);
    packColumns(context, product, packed, start, slice);
    module.accumulateMatrices(a, flag, packed, accumulators, rows, depth, columns, start, slice, panel);
  }
  module.unpackTiles(accumulators, output, rows, paddedRows, columns);
}

function packColumns(
  { module }: KernelContext,
  { b, transposeB, depth, columns }: Product,
  target: number,
  start: number,
  length: number,
): void {
  if (transposeB) module.packTransposedColumns(b + start * 4, depth * 4, target, length, columns);
  else module.packColumns(b + start * columns * 4, target, length, columns);
}

/** Rows and columns as they are multiplied. */
function matrixShape({ shape }: tf.TensorInfo, isTransposed: boolean): [number, number] {
  const [first, second] = shape.slice(-2) as [number, number];
  return isTransposed ? [second, first] : [first, second];
}
