import * as tf from '@tensorflow/tfjs-core';
import type { KernelFactory } from '../kernel-context.js';

/**
 * `Sum` over all axes but the last, as in the gradient of a bias: the stock kernel transposes the whole tensor first.
 * Every other sum is left to it.
 */
export const createSum: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    const { axis, keepDims } = attrs as unknown as { axis: number | number[]; keepDims?: boolean };
    const axes = tf.util.parseAxisParam(axis, x.shape).sort((left, right) => left - right);
    const rank = x.shape.length;
    const isAllButLast =
      rank > 1 && axes.length === rank - 1 && axes.every((value, index) => value === index);
    if (x.dtype !== 'float32' || !isAllButLast) return context.runStock('Sum', inputs, attrs);

    const columns = x.shape[rank - 1]!;
    const rows = tf.util.sizeFromShape(x.shape.slice(0, -1));
    const output = context.backend.makeOutput(keepDims ? [...axes.map(() => 1), columns] : [columns]);
    context.module.sumRows(context.backend.addressOf(x), context.backend.addressOf(output), rows, columns);
    return output;
  };
