import type * as tf from '@tensorflow/tfjs-core';
import { castTo, type KernelFactory } from '../kernel-context.js';

/** `Identity` without a copy: tensors are immutable, so both can share the data. */
export const createIdentity: KernelFactory =
  (context) =>
  ({ inputs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    return x.dtype === 'string' ? context.runStock('Identity', inputs) : context.backend.share(x, x.shape);
  };

/**
 * `Cast` without a copy where the type stays the same. The stock kernel keeps raw numbers in a bool, such as 255, and
 * makes 0.5 false.
 */
export const createCast: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    const { dtype } = attrs as unknown as { dtype: tf.DataType };
    if (x.dtype === 'string' || dtype === 'string' || dtype === 'complex64') {
      return context.runStock('Cast', inputs, attrs);
    }
    return x.dtype === dtype ? context.backend.share(x, x.shape) : castTo(context, x, dtype);
  };
