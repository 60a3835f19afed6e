import type * as tf from '@tensorflow/tfjs-core';
import type { KernelFactory } from '../kernel-context.js';

interface OneHotAttributes {
  readonly depth: number;
  readonly onValue: number;
  readonly offValue: number;
  readonly dtype?: 'float32' | 'int32' | 'bool' | undefined;
}

/**
 * `OneHot` in the type that is asked for. The stock kernel writes integers whatever the type: as float32 they read as
 * 1.4e-45, as bool they run past the end of the tensor.
 */
export const createOneHot: KernelFactory =
  ({ backend }) =>
  ({ inputs, attrs }) => {
    const { indices } = inputs as unknown as { indices: tf.TensorInfo };
    const { depth, onValue, offValue, dtype = 'int32' } = attrs as unknown as OneHotAttributes;
    const output = backend.makeOutput([...indices.shape, depth], dtype);
    const classes = backend.valuesOf(indices);
    const values = backend.valuesOf(output);
    values.fill(offValue);
    classes.forEach((index, row) => {
      if (index >= 0 && index < depth) values[row * depth + index] = onValue;
    });
    return output;
  };
