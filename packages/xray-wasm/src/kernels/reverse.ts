import * as tf from '@tensorflow/tfjs-core';
import type { KernelFactory } from '../kernel-context.js';

/** `Reverse` of a float32 tensor along one axis, as in a flip; anything else is left to the stock kernel. */
export const createReverse: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    const axes = tf.util.parseAxisParam((attrs as unknown as { dims: number | number[] }).dims, x.shape);
    if (x.dtype !== 'float32' || axes.length !== 1) return context.runStock('Reverse', inputs, attrs);

    const { backend, module } = context;
    const axis = axes[0]!;
    const output = backend.makeOutput(x.shape);
    const outer = tf.util.sizeFromShape(x.shape.slice(0, axis));
    const inner = tf.util.sizeFromShape(x.shape.slice(axis + 1));
    module.reverseAxis(backend.addressOf(x), backend.addressOf(output), outer, x.shape[axis]!, inner);
    return output;
  };
