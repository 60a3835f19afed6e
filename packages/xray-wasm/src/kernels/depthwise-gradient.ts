import * as tf from '@tensorflow/tfjs-core';
import { type ConvolutionAttributes, gradientGeometry } from '../convolution-geometry.js';
import { borrowChannelsLast, type KernelFactory } from '../kernel-context.js';
import { depthwiseSizes } from './depthwise-convolution.js';

/** `DepthwiseConv2dNativeBackpropInput`: the stock backend has none. */
export const createDepthwiseInputGradient: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { dy, filter } = inputs as unknown as { dy: tf.TensorInfo; filter: tf.TensorInfo };
    const attributes = attrs as unknown as ConvolutionAttributes & { inputShape: number[] };
    const { inputShape } = attributes;
    const { backend, module } = context;
    const channels = filter.shape[2]! * filter.shape[3]!;
    const geometry = gradientGeometry(inputShape, filter.shape, dy.shape, attributes, channels);
    const gradient = borrowChannelsLast(context, dy, 'NHWC');
    const weights = borrowChannelsLast(context, filter, 'NHWC');
    const output = backend.makeOutput(inputShape);
    const target = backend.addressOf(output);
    module.clear(target, tf.util.sizeFromShape(inputShape) * 4);
    module.depthwiseInputGradient(
      ...[backend.addressOf(gradient.tensor), backend.addressOf(weights.tensor), target],
      ...depthwiseSizes(geometry),
    );
    gradient.release();
    weights.release();
    return output;
  };

/** `DepthwiseConv2dNativeBackpropFilter`: the stock backend has none. */
export const createDepthwiseFilterGradient: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x, dy } = inputs as unknown as { x: tf.TensorInfo; dy: tf.TensorInfo };
    const attributes = attrs as unknown as ConvolutionAttributes & { filterShape: number[] };
    const { filterShape } = attributes;
    const { backend, module } = context;
    const channels = filterShape[2]! * filterShape[3]!;
    const geometry = gradientGeometry(x.shape, filterShape, dy.shape, attributes, channels);
    const images = borrowChannelsLast(context, x, 'NHWC');
    const gradient = borrowChannelsLast(context, dy, 'NHWC');
    const output = backend.makeOutput(filterShape);
    const target = backend.addressOf(output);
    module.clear(target, tf.util.sizeFromShape(filterShape) * 4);
    module.depthwiseFilterGradient(
      ...[backend.addressOf(images.tensor), backend.addressOf(gradient.tensor), target],
      ...depthwiseSizes(geometry),
    );
    images.release();
    gradient.release();
    return output;
  };
