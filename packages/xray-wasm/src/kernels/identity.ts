import type * as tf from '@tensorflow/tfjs-core';
import type { KernelFactory } from '../kernel-context.js';

/** `Identity` without a copy: tensors are immutable, so both can share the data. */
export const createIdentity: KernelFactory =
  (context) =>
  ({ inputs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    return x.dtype === 'string' ? context.runStock('Identity', inputs) : context.backend.share(x, x.shape);
  };

/** `Cast` without a copy where the type stays the same. */
export const createCast: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    const { dtype } = attrs as unknown as { dtype: tf.DataType };
    return x.dtype === dtype && dtype !== 'string'
      ? context.backend.share(x, x.shape)
      : context.runStock('Cast', inputs, attrs);
  };
