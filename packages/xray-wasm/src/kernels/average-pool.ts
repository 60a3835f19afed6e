import * as tf from '@tensorflow/tfjs-core';
import { borrowChannelsLast, type KernelFactory } from '../kernel-context.js';
import {
  type PoolingAttributes,
  poolingGeometry,
  poolingGradientGeometry,
  poolingSizes,
} from '../pooling-geometry.js';

/** `AvgPool`: the mean of the pixels inside the image, in float32. The stock kernel shares the fault of `MaxPool`. */
export const createAvgPool: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    const { backend, module } = context;
    const geometry = poolingGeometry(x.shape, attrs as unknown as PoolingAttributes);
    const { batch, outputHeight, outputWidth, channels } = geometry;
    const images = borrowChannelsLast(context, x, 'NHWC');
    const output = backend.makeOutput([batch, outputHeight, outputWidth, channels]);
    module.averagePool(
      backend.addressOf(images.tensor),
      backend.addressOf(output),
      ...poolingSizes(geometry),
    );
    images.release();
    return output;
  };

/**
 * `AvgPoolGrad`: the gradient of `AvgPool`, as TensorFlow computes it. The kernels of TensorFlow.js divide by the size
 * of the window at the border too, where the pooling itself divides by the pixels inside the image.
 */
export const createAvgPoolGrad: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { dy, input } = inputs as unknown as { dy: tf.TensorInfo; input: tf.TensorInfo };
    const { backend, module } = context;
    const geometry = poolingGradientGeometry(input.shape, dy.shape, attrs as unknown as PoolingAttributes);
    const gradient = borrowChannelsLast(context, dy, 'NHWC');
    const output = backend.makeOutput(input.shape);
    module.clear(backend.addressOf(output), tf.util.sizeFromShape(input.shape) * 4);
    module.averagePoolGradient(
      backend.addressOf(gradient.tensor),
      backend.addressOf(output),
      ...poolingSizes(geometry),
    );
    gradient.release();
    return output;
  };
