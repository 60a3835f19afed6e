import type * as tf from '@tensorflow/tfjs-core';
import { castTo, isEmptyTensor, type KernelFactory } from '../kernel-context.js';
import { applyPrelu, isPerChannel } from './epilogue.js';

/** `Prelu` with slopes of any shape that broadcasts; the stock kernel takes all of them for a value per channel. */
export const createPrelu: KernelFactory =
  (context) =>
  ({ inputs }) => {
    const { x, alpha } = inputs as unknown as { x: tf.TensorInfo; alpha: tf.TensorInfo };
    const isStock = x.dtype === 'float32' && !isEmptyTensor(x) && isPerChannel(alpha, x.shape.at(-1)!);
    if (isStock) return context.runStock('Prelu', { x, alpha });
    const { backend } = context;
    const floats = [x, alpha].map((tensor) =>
      tensor.dtype === 'float32' ? backend.share(tensor, tensor.shape) : castTo(context, tensor, 'float32'),
    );
    const result = applyPrelu(context, floats[0]!, floats[1]);
    for (const tensor of floats) backend.dispose(tensor);
    return result;
  };
