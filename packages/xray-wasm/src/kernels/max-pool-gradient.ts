import * as tf from '@tensorflow/tfjs-core';
import { borrowChannelsLast, type KernelFactory } from '../kernel-context.js';
import {
  type PoolingAttributes,
  type PoolingGeometry,
  poolingGradientGeometry,
  poolingSizes,
} from '../pooling-geometry.js';

/**
 * `MaxPoolGrad`: each window's gradient goes to its first largest element. The stock kernel gives it to the last
 * one, and visits one element at a time.
 */
export const createMaxPoolGrad: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { dy, input } = inputs as unknown as { dy: tf.TensorInfo; input: tf.TensorInfo };
    const { backend, module } = context;
    const geometry = poolingGradientGeometry(input.shape, dy.shape, attrs as unknown as PoolingAttributes);
    const images = borrowChannelsLast(context, input, 'NHWC');
    const gradient = borrowChannelsLast(context, dy, 'NHWC');
    const output = backend.makeOutput(input.shape);
    const source = backend.addressOf(images.tensor);
    const outputGradient = backend.addressOf(gradient.tensor);
    const inputGradient = backend.addressOf(output);
    if (isUsual(geometry)) {
      const sizes = poolingSizes(geometry).slice(0, 6);
      module.maxPoolGradient2x2(source, outputGradient, inputGradient, ...sizes);
    } else {
      module.clear(inputGradient, tf.util.sizeFromShape(input.shape) * 4);
      module.maxPoolGradient(source, outputGradient, inputGradient, ...poolingSizes(geometry));
    }
    images.release();
    gradient.release();
    return output;
  };

/** Windows of 2 x 2 that touch but do not overlap, no padding, whole vectors of channels. */
function isUsual(geometry: PoolingGeometry): boolean {
  const { windowHeight, windowWidth, strideHeight, strideWidth, top, left, channels } = geometry;
  const is2x2 = [windowHeight, windowWidth, strideHeight, strideWidth].every((size) => size === 2);
  const isInside =
    2 * geometry.outputHeight <= geometry.inputHeight && 2 * geometry.outputWidth <= geometry.inputWidth;
  return is2x2 && isInside && top === 0 && left === 0 && channels % 4 === 0;
}
