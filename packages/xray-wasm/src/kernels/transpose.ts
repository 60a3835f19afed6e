import type * as tf from '@tensorflow/tfjs-core';
import { type KernelFactory, transpose } from '../kernel-context.js';

/** `Transpose`: the stock kernel stops with a division by zero where the tensor is empty. */
export const createTranspose: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    return transpose(context, x, (attrs as unknown as { perm: number[] }).perm);
  };
