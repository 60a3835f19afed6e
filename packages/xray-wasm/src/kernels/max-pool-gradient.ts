import * as tf from '@tensorflow/tfjs-core';
import { borrowChannelsLast, type KernelFactory } from '../kernel-context.js';

interface PoolAttributes {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/**
 * `MaxPoolGrad`: each window's gradient goes to its first largest element. The stock kernel gives it to the last
 * one, and visits one element at a time.
 */
export const createMaxPoolGrad: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { dy, input } = inputs as unknown as { dy: tf.TensorInfo; input: tf.TensorInfo };
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes;
    const { backend, module } = context;
    const {
      batchSize,
      inHeight,
      inWidth,
      inChannels,
      filterHeight,
      filterWidth,
      strideHeight,
      strideWidth,
      padInfo,
    } = tf.backend_util.computePool2DInfo(
      input.shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    // Of the gradient, not of the computed pooling: TensorFlow.js does not pass `dimRoundingMode` on to gradients.
    const [, outputHeight, outputWidth] = dy.shape as [number, number, number, number];
    const images = borrowChannelsLast(context, input, 'NHWC');
    const gradient = borrowChannelsLast(context, dy, 'NHWC');
    const output = backend.makeOutput(input.shape);
    const source = backend.addressOf(images.tensor);
    const outputGradient = backend.addressOf(gradient.tensor);
    const inputGradient = backend.addressOf(output);
    const shape = [batchSize, inHeight, inWidth, inChannels, outputHeight, outputWidth] as const;
    const is2x2 = [filterHeight, filterWidth, strideHeight, strideWidth].every((size) => size === 2);
    const isInside = 2 * outputHeight <= inHeight && 2 * outputWidth <= inWidth;
    if (is2x2 && isInside && padInfo.top === 0 && padInfo.left === 0 && inChannels % 4 === 0) {
      module.maxPoolGradient2x2(source, outputGradient, inputGradient, ...shape);
    } else {
      module.clear(inputGradient, tf.util.sizeFromShape(input.shape) * 4);
      module.maxPoolGradient(
        ...[source, outputGradient, inputGradient, ...shape],
        ...[filterHeight, filterWidth, strideHeight, strideWidth, padInfo.top, padInfo.left],
      );
    }
    images.release();
    gradient.release();
    return output;
  };
