import type * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from 'xray-core';
import { type ConvolutionAttributes, convolutionGeometry, isEmpty } from '../convolution-geometry.js';
import {
  borrowChannelsLast,
  type KernelContext,
  type KernelFactory,
  returnInFormat,
} from '../kernel-context.js';
import { runConvolution } from '../run-convolution.js';

/** `Conv2D`: any size, stride, dilation, padding, number of channels and data format. */
export const createConv2D: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x, filter } = inputs as unknown as { x: tf.TensorInfo; filter: tf.TensorInfo };
    return convolve(context, x, filter, attrs as unknown as ConvolutionAttributes);
  };

interface FusedAttributes extends ConvolutionAttributes {
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
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
      bias?: tf.TensorInfo;
      preluActivationWeights?: tf.TensorInfo;
    };
    const attributes = attrs as unknown as FusedAttributes;
    const { activation = 'linear', dataFormat } = attributes;
    const isBiasPerChannel =
      bias?.dtype === 'float32' && bias.shape.length === 1 && bias.shape[0] === filter.shape[3];
    const laterBias = isBiasPerChannel ? undefined : bias;
    const isReluInside = activation === 'relu' && laterBias === undefined;

    let result = convolve(context, x, filter, attributes, isBiasPerChannel ? bias : undefined, isReluInside);
    const replaceBy = (next: tf.TensorInfo) => {
      context.backend.dispose(result);
      result = next;
    };
    if (laterBias) replaceBy(context.runStock('Add', { a: result, b: perChannel(laterBias, dataFormat) }));
    if (activation !== 'linear' && !isReluInside) {
      const alpha = preluActivationWeights && perChannel(preluActivationWeights, dataFormat);
      replaceBy(applyActivation(context, result, activation, alpha, attributes.leakyreluAlpha));
    }
    return result;
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
  const geometry = convolutionGeometry(x.shape, filter.shape, attributes);
  const { batch, outputHeight, outputWidth, outputChannels } = geometry;
  if (outputHeight < 0 || outputWidth < 0) {
    throw new InvalidArgumentError({
      argument: 'filter',
      expected: `no larger than the padded input of shape [${x.shape}]`,
      received: filter.shape,
      fix: "Use a smaller filter or padding 'same'.",
    });
  }
  const output = backend.makeOutput([batch, outputHeight, outputWidth, outputChannels]);
  if (!isEmpty(geometry)) {
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

/** A vector of one value per channel meets the channel axis of either format. */
function perChannel(values: tf.TensorInfo, dataFormat: string | undefined): tf.TensorInfo {
  const isVector = values.shape.length === 1 && values.shape[0] !== 1;
  return dataFormat === 'NCHW' && isVector ? { ...values, shape: [...values.shape, 1, 1] } : values;
}

function applyActivation(
  context: KernelContext,
  x: tf.TensorInfo,
  activation: string,
  alpha: tf.TensorInfo | undefined,
  leakyreluAlpha = 0.2,
): tf.TensorInfo {
  switch (activation) {
    case 'relu':
      return context.runStock('Relu', { x });
    case 'relu6':
      return context.runStock('Relu6', { x });
    case 'elu':
      return context.runStock('Elu', { x });
    case 'sigmoid':
      return context.runStock('Sigmoid', { x });
    case 'leakyrelu':
      return context.runStock('LeakyRelu', { x }, { alpha: leakyreluAlpha });
    case 'prelu':
      return applyPrelu(context, x, alpha);
    default:
      throw new InvalidArgumentError({
        argument: 'activation',
        expected: "'linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu' or 'prelu'",
        received: activation,
      });
  }
}

/** `max(x, 0) + alpha * min(x, 0)`. The stock `Prelu` takes a value per channel only, not every shape that broadcasts. */
function applyPrelu(
  context: KernelContext,
  x: tf.TensorInfo,
  alpha: tf.TensorInfo | undefined,
): tf.TensorInfo {
  const positive = context.runStock('Relu', { x });
  const negative = context.runStock('Sub', { a: x, b: positive });
  const scaled = context.runStock('Multiply', { a: alpha, b: negative });
  const result = context.runStock('Add', { a: positive, b: scaled });
  for (const part of [positive, negative, scaled]) context.backend.dispose(part);
  return result;
}
