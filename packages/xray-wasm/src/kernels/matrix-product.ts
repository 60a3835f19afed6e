import * as tf from '@tensorflow/tfjs-core';
import type { KernelContext, KernelFactory } from '../kernel-context.js';
import { tilesPerPanel } from '../run-convolution.js';

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
 * `BatchMatMul`: the stock kernel multiplies transposed matrices, which all gradients of dense layers need, without SIMD.
 * Batches of another size than 1 or each other's are left to it.
 */
export const createBatchMatMul: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { a, b } = inputs as unknown as { a: tf.TensorInfo; b: tf.TensorInfo };
    const { transposeA, transposeB } = attrs as unknown as { transposeA: boolean; transposeB: boolean };
    const [rows, depth] = matrixShape(a, transposeA);
    const [innerDepth, columns] = matrixShape(b, transposeB);
    const [countA, countB] = [batchOf(a), batchOf(b)];
    const isOurs =
      a.dtype === 'float32' &&
      b.dtype === 'float32' &&
      depth === innerDepth &&
      Math.min(rows, depth, columns, countA, countB) > 0 &&
      (isSameBatch(a, b) || countA === 1 || countB === 1);
    if (!isOurs) return context.runStock('BatchMatMul', inputs, attrs);

    const { backend } = context;
    const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const output = backend.makeOutput([...outer, rows, columns]);
    const count = Math.max(countA, countB);
    for (let index = 0; index < count; index++) {
      runProduct(context, {
        ...{ transposeA, transposeB, rows, depth, columns },
        a: backend.addressOf(a) + (countA === 1 ? 0 : index * rows * depth * 4),
        b: backend.addressOf(b) + (countB === 1 ? 0 : index * depth * columns * 4),
        output: backend.addressOf(output) + index * rows * columns * 4,
      });
    }
    return output;
  };

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

const batchOf = ({ shape }: tf.TensorInfo) => shape.slice(0, -2).reduce((product, size) => product * size, 1);

const isSameBatch = (a: tf.TensorInfo, b: tf.TensorInfo) =>
  String(a.shape.slice(0, -2)) === String(b.shape.slice(0, -2));
