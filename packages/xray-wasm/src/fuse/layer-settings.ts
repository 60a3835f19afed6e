import type { layers } from '@tensorflow/tfjs-layers';

/** What a convolution layer does. */
export interface ConvolutionSettings {
  readonly strides: [number, number];
  readonly padding: 'valid' | 'same';
  readonly dilations: [number, number];
  readonly activation: 'linear' | 'relu';
  /** Stride 1 and no dilation. */
  readonly isDense: boolean;
}

/** Settings of a channels-last Conv2D with ReLU or no activation; undefined for every other layer. */
export function readConvolution(layer: layers.Layer): ConvolutionSettings | undefined {
  if (layer.getClassName() !== 'Conv2D') return undefined;
  const config = layer.getConfig();
  const strides = pairOf(config.strides);
  const dilations = pairOf(config.dilationRate ?? 1);
  const { padding } = config;
  const activation = config.activation ?? 'linear';
  if (config.dataFormat === 'channelsFirst') return undefined;
  if (padding !== 'valid' && padding !== 'same') return undefined;
  if (activation !== 'linear' && activation !== 'relu') return undefined;
  const isDense = [...strides, ...dilations].every((value) => value === 1);
  return { strides, padding, dilations, activation, isDense };
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

export function isRelu(layer: layers.Layer): boolean {
  const config = layer.getConfig();
  switch (layer.getClassName()) {
    case 'Activation':
      return config.activation === 'relu';
    case 'ReLU':
      return config.maxValue === undefined || config.maxValue === null;
    default:
      return false;
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
