import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from 'xray-core';
import type { KernelFactory } from '../kernel-context.js';

/**
 * `Slice` of neighbouring float32 values, as when a batch is cut into micro-batches: the stock kernel copies the whole
 * tensor first. Any other slice is left to it, but never one that reaches past the tensor, which it reads all the same.
 */
export const createSlice: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    const { begin, size } = attrs as unknown as { begin: number | number[]; size: number | number[] };
    const [from, sizes] = tf.slice_util.parseSliceParams({ shape: x.shape } as tf.Tensor, begin, size) as [
      number[],
      number[],
    ];
    if (from.some((start, axis) => start < 0 || sizes[axis]! < 0 || start + sizes[axis]! > x.shape[axis]!)) {
      throw new InvalidArgumentError({
        argument: 'begin and size',
        expected: `inside the tensor of shape [${x.shape}]`,
        received: { begin, size },
      });
    }
    if (x.dtype !== 'float32' || !tf.slice_util.isSliceContinous(x.shape, from, sizes)) {
      return context.runStock('Slice', inputs, attrs);
    }
    const { backend, module } = context;
    const output = backend.makeOutput(sizes);
    const count = tf.util.sizeFromShape(sizes);
    const start = tf.slice_util.computeFlatOffset(from, tf.util.computeStrides(x.shape));
    if (count > 0)
      module.copyRuns(backend.addressOf(x) + start * 4, backend.addressOf(output), 1, count, count);
    return output;
  };
