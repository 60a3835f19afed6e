import * as tf from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { readBatchNorm } from './layer-settings.js';

/** What a convolution multiplies with and adds. */
export interface ConvolutionWeights {
  /** `[filterHeight, filterWidth, channels, outputChannels]`; depthwise: `[..., channels, multiplier]` */
  readonly filter: tf.Tensor4D;
  /** `[outputChannels]` */
  readonly bias: tf.Tensor1D | undefined;
}

/** The weights of a convolution layer as they are now. */
export function readWeights(convolution: layers.Layer): ConvolutionWeights {
  const [filter, bias] = convolution.weights.map((weight) => weight.read());
  return { filter: filter as tf.Tensor4D, bias: bias as tf.Tensor1D | undefined };
}

/**
 * Weights with which the convolution alone gives what batch norm makes of its result outside of training:
 * `(x * filter + bias - mean) * factor + offset`, `factor = scale / sqrt(variance + epsilon)`.
 *
 * Source: Ioffe and Szegedy, Batch Normalization, arXiv 1502.03167, algorithm 2.
 */
export function foldBatchNorm(
  { filter, bias }: ConvolutionWeights,
  batchNorm: layers.Layer,
  isDepthwise: boolean,
): ConvolutionWeights {
  const { scale, center, epsilon } = readBatchNorm(batchNorm)!;
  const values = batchNorm.weights.map((weight) => weight.read() as tf.Tensor1D);
  const scaleValues = scale ? values.shift() : undefined;
  const offset = center ? values.shift() : undefined;
  const [mean, variance] = values as [tf.Tensor1D, tf.Tensor1D];

  const normalizer = tf.rsqrt(tf.add(variance, epsilon));
  const factor = scaleValues ? tf.mul(normalizer, scaleValues) : normalizer;
  const shifted = tf.mul(bias ? tf.sub(bias, mean) : tf.neg(mean), factor);
  return {
    filter: tf.mul(filter, isDepthwise ? tf.reshape(factor, filter.shape.slice(2)) : factor),
    bias: (offset ? tf.add(shifted, offset) : shifted) as tf.Tensor1D,
  };
}
