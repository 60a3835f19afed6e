import type * as tf from '@tensorflow/tfjs-core';
import { borrowChannelsLast, castTo, type KernelFactory } from '../kernel-context.js';
import { type PoolingAttributes, poolingGeometry, poolingSizes } from '../pooling-geometry.js';

/**
 * `MaxPool`: the stock kernel writes past its output, and so destroys other tensors, where the padding is a number and
 * height and width differ in window or stride. It also refuses integers.
 */
export const createMaxPool: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    const { backend, module } = context;
    const geometry = poolingGeometry(x.shape, attrs as unknown as PoolingAttributes);
    const { batch, outputHeight, outputWidth, channels } = geometry;
    const images = borrowChannelsLast(context, x, 'NHWC');
    const output = backend.makeOutput([batch, outputHeight, outputWidth, channels]);
    module.maxPool(backend.addressOf(images.tensor), backend.addressOf(output), ...poolingSizes(geometry));
    images.release();
    if (x.dtype === 'float32') return output;
    const result = castTo(context, output, x.dtype as 'int32' | 'bool');
    backend.dispose(output);
    return result;
  };
