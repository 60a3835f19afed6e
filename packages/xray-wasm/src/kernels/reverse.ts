import * as tf from '@tensorflow/tfjs-core';
import { castTo, type KernelFactory } from '../kernel-context.js';

/**
 * `Reverse`, one axis after the other, as in a flip. The stock kernel takes numbers of a byte for numbers of four, and so
 * writes past a bool tensor.
 */
export const createReverse: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    const { dims } = attrs as unknown as { dims: number | number[] };
    const { backend, module } = context;
    const { dtype, shape } = x;
    let current = dtype === 'bool' ? castTo(context, x, 'int32') : backend.share(x, shape);
    for (const axis of tf.util.parseAxisParam(dims, shape)) {
      const output = backend.makeOutput(shape, current.dtype as 'float32' | 'int32');
      const outer = tf.util.sizeFromShape(shape.slice(0, axis));
      const inner = tf.util.sizeFromShape(shape.slice(axis + 1));
      module.reverseAxis(backend.addressOf(current), backend.addressOf(output), outer, shape[axis]!, inner);
      backend.dispose(current);
      current = output;
    }
    if (dtype !== 'bool') return current;
    const result = castTo(context, current, 'bool');
    backend.dispose(current);
    return result;
  };
