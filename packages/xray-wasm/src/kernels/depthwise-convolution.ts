import type * as tf from '@tensorflow/tfjs-core';
import {
  type ConvolutionAttributes,
  type ConvolutionGeometry,
  fittingGeometry,
  isEmpty,
} from '../convolution-geometry.js';
import {
  borrowChannelsLast,
  isEmptyTensor,
  type KernelContext,
  type KernelFactory,
  returnInFormat,
} from '../kernel-context.js';
import { applyEpilogue, isPerChannel } from './epilogue.js';

/** What the kernel cuts its result off at. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  linear: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  relu: [0, Number.POSITIVE_INFINITY],
  relu6: [0, 6],
};

interface FusedAttributes extends ConvolutionAttributes {
  readonly activation?: string | undefined;
  readonly leakyreluAlpha?: number | undefined;
}

/**
 * `DepthwiseConv2dNative`. The stock kernel reads and writes out of bounds where the padding is a number and the filter is
 * not square.
 */
export const createDepthwiseConv2D: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x, filter } = inputs as unknown as { x: tf.TensorInfo; filter: tf.TensorInfo };
    return convolve(context, x, filter, attrs as unknown as ConvolutionAttributes, undefined, 'linear');
  };

/** `FusedDepthwiseConv2D`. A bias per channel, ReLU and ReLU6 are part of the convolution, all else follows it. */
export const createFusedDepthwiseConv2D: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x, filter, bias, preluActivationWeights } = inputs as unknown as {
      x: tf.TensorInfo;
      filter: tf.TensorInfo;
      bias?: tf.TensorInfo | undefined;
      preluActivationWeights?: tf.TensorInfo | undefined;
    };
    const attributes = attrs as unknown as FusedAttributes;
    const { activation = 'linear', leakyreluAlpha, dataFormat } = attributes;
    const channels = filter.shape[2]! * filter.shape[3]!;
    const insideBias = !isEmptyTensor(x) && isPerChannel(bias, channels) ? bias : undefined;
    const isActivationInside = insideBias === bias && RANGES[activation] !== undefined;
    const inside = isActivationInside ? activation : 'linear';
    return applyEpilogue(context, convolve(context, x, filter, attributes, insideBias, inside), {
      bias: insideBias ? undefined : bias,
      activation: isActivationInside ? 'linear' : activation,
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
  bias: tf.TensorInfo | undefined,
  activation: string,
): tf.TensorInfo {
  const { backend, module, scratch } = context;
  const geometry = fittingGeometry(x.shape, filter.shape, attributes);
  const { batch, outputHeight, outputWidth, inputChannels, outputChannels: multiplier } = geometry;
  const channels = inputChannels * multiplier;
  const output = backend.makeOutput([batch, outputHeight, outputWidth, channels]);
  if (isEmpty(geometry)) {
    backend.valuesOf(output).fill(0);
  } else {
    const images = borrowChannelsLast(context, x, attributes.dataFormat);
    const weights = borrowChannelsLast(context, filter, 'NHWC');
    const zeros = scratch.reserve('bias', channels * 4);
    if (!bias) module.clear(zeros, channels * 4);
    module.depthwiseConvolve(
      ...[images.tensor, weights.tensor, output].map((tensor) => backend.addressOf(tensor)),
      ...depthwiseSizes(geometry),
      ...[bias ? backend.addressOf(bias) : zeros, ...RANGES[activation]!],
    );
    images.release();
    weights.release();
  }
  return returnInFormat(context, output, attributes.dataFormat);
}

/** The sizes in the order in which the assembly takes them; the last axis of a depthwise filter is the multiplier. */
export function depthwiseSizes(geometry: ConvolutionGeometry): number[] {
  const { batch, inputHeight, inputWidth, inputChannels, outputChannels: multiplier } = geometry;
  const { outputHeight, outputWidth, filterHeight, filterWidth, strideHeight, strideWidth } = geometry;
  const { dilationHeight, dilationWidth, top, left } = geometry;
  return [
    ...[batch, inputHeight, inputWidth, inputChannels, multiplier, outputHeight, outputWidth],
    ...[filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, top, left],
  ];
}
