import type * as tf from '@tensorflow/tfjs-core';
import { type ConvolutionAttributes, fittingGeometry, isEmpty } from '../convolution-geometry.js';
import {
  borrowChannelsLast,
  isEmptyTensor,
  type KernelContext,
  type KernelFactory,
  returnInFormat,
} from '../kernel-context.js';
import { runConvolution } from '../run-convolution.js';
import { applyEpilogue, isPerChannel } from './epilogue.js';

/** `Conv2D`: any size, stride, dilation, padding, number of channels and data format. */
export const createConv2D: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x, filter } = inputs as unknown as { x: tf.TensorInfo; filter: tf.TensorInfo };
    return convolve(context, x, filter, attrs as unknown as ConvolutionAttributes);
  };

interface FusedAttributes extends ConvolutionAttributes {
  readonly activation?: string | undefined;
  readonly leakyreluAlpha?: number | undefined;
}

/**
 * `FusedConv2D`: convolution, bias and activation. A bias per output channel, no activation and ReLU are part of the
 * convolution; everything else follows as an operation of the stock backend.
 */
export const createFusedConv2D: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x, filter, bias, preluActivationWeights } = inputs as unknown as {
      x: tf.TensorInfo;
      filter: tf.TensorInfo;
      bias?: tf.TensorInfo | undefined;
      preluActivationWeights?: tf.TensorInfo | undefined;
    };
    const attributes = attrs as unknown as FusedAttributes;
    const { activation, leakyreluAlpha, dataFormat } = attributes;
    const insideBias = !isEmptyTensor(x) && isPerChannel(bias, filter.shape[3]!) ? bias : undefined;
    const isReluInside = activation === 'relu' && insideBias === bias;
    const result = convolve(context, x, filter, attributes, insideBias, isReluInside);
    return applyEpilogue(context, result, {
      bias: insideBias ? undefined : bias,
      activation: isReluInside ? 'linear' : activation,
      preluActivationWeights,
      leakyreluAlpha,
      dataFormat,
    });
  };

function convolve(
  context: KernelContext,
  x: tf.TensorInfo,
  filter: tf.TensorInfo,
  attributes: ConvolutionAttributes,
  bias?: tf.TensorInfo,
  relu = false,
): tf.TensorInfo {
  const { backend } = context;
  const geometry = fittingGeometry(x.shape, filter.shape, attributes);
  const { batch, outputHeight, outputWidth, outputChannels } = geometry;
  const output = backend.makeOutput([batch, outputHeight, outputWidth, outputChannels]);
  if (isEmpty(geometry)) {
    backend.valuesOf(output).fill(0);
  } else {
    const images = borrowChannelsLast(context, x, attributes.dataFormat);
    const weights = borrowChannelsLast(context, filter, 'NHWC');
    runConvolution(context, {
      geometry,
      input: backend.addressOf(images.tensor),
      filter: backend.addressOf(weights.tensor),
      bias: bias && backend.addressOf(bias),
      relu,
      output: backend.addressOf(output),
    });
    images.release();
    weights.release();
  }
  return returnInFormat(context, output, attributes.dataFormat);
}
