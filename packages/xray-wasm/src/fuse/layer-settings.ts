import type { layers } from '@tensorflow/tfjs-layers';
import { isFreezableBatchNorm } from 'xray-core';

/** Activations that can be part of a convolution. */
export type BlockActivation = 'linear' | 'relu' | 'relu6';

/** What a convolution layer does. */
export interface ConvolutionSettings {
  /** Each input channel has filters of its own. */
  readonly isDepthwise: boolean;
  readonly strides: [number, number];
  readonly padding: 'valid' | 'same';
  readonly dilations: [number, number];
  readonly activation: BlockActivation;
  /** Not depthwise, stride 1 and no dilation. */
  readonly isPlain: boolean;
}

/** Settings of a channels-last Conv2D or DepthwiseConv2D with one of our activations; undefined for every other layer. */
export function readConvolution(layer: layers.Layer): ConvolutionSettings | undefined {
  const className = layer.getClassName();
  if (className !== 'Conv2D' && className !== 'DepthwiseConv2D') return undefined;
  const config = layer.getConfig();
  const isDepthwise = className === 'DepthwiseConv2D';
  const strides = pairOf(config.strides);
  const dilations = pairOf(config.dilationRate ?? 1);
  const { padding } = config;
  const activation = config.activation ?? 'linear';
  if (config.dataFormat === 'channelsFirst') return undefined;
  if (padding !== 'valid' && padding !== 'same') return undefined;
  if (activation !== 'linear' && activation !== 'relu' && activation !== 'relu6') return undefined;
  const isPlain = !isDepthwise && [...strides, ...dilations].every((value) => value === 1);
  return { isDepthwise, strides, padding, dilations, activation, isPlain };
}

/** What a batch norm layer over the last of four axes has; undefined for every other layer. */
export function readBatchNorm(
  layer: layers.Layer,
): { readonly scale: boolean; readonly center: boolean; readonly epsilon: number } | undefined {
  if (layer.getClassName() !== 'BatchNormalization') return undefined;
  const { axis, scale, center, epsilon } = layer.getConfig();
  if (axis !== -1 && axis !== 3) return undefined;
  return { scale: scale === true, center: center === true, epsilon: Number(epsilon) };
}

/**
 * True for batch norm that normalizes with its moving statistics in training, too: frozen, and of a class that heeds it.
 * The stock layer of TensorFlow.js goes on with the statistics of the batch.
 */
export function isFrozenBatchNorm(layer: layers.Layer): boolean {
  if (!isFreezableBatchNorm(layer)) return false;
  const { scale, center } = layer.getConfig();
  const hasWeightsToTrain = scale === true || center === true;
  return !layer.trainable || (hasWeightsToTrain && layer.trainableWeights.length === 0);
}

/** The activation that a layer is, if it is nothing else. */
export function readActivation(layer: layers.Layer): 'relu' | 'relu6' | undefined {
  const { activation, maxValue } = layer.getConfig();
  switch (layer.getClassName()) {
    case 'Activation':
      return activation === 'relu' || activation === 'relu6' ? activation : undefined;
    case 'ReLU':
      if (maxValue === undefined || maxValue === null) return 'relu';
      return maxValue === 6 ? 'relu6' : undefined;
    default:
      return undefined;
  }
}

/** Windows of 2 x 2 side by side, without padding. */
export function isMaxPool2x2(layer: layers.Layer): boolean {
  if (layer.getClassName() !== 'MaxPooling2D') return false;
  const { poolSize, strides, padding, dataFormat } = layer.getConfig();
  const sizes = [...pairOf(poolSize), ...pairOf(strides ?? poolSize)];
  return sizes.every((size) => size === 2) && padding === 'valid' && dataFormat !== 'channelsFirst';
}

/** Configurations write `2` or `[2, 2]`. */
function pairOf(value: unknown): [number, number] {
  const [height, width = height] = Array.isArray(value) ? (value as number[]) : [Number(value)];
  return [height!, width!];
}
