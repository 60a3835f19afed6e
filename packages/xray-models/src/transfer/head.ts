import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError } from 'xray-core';
import { glorotUniform } from '../glorot-uniform.js';
import { dropout } from '../layers/dropout.js';

/** One layer of a head, as data. Convolutions and dense layers but the last use ReLU. */
export type HeadLayer =
  | { readonly type: 'flatten' }
  /** Mean of every channel: `[batch, height, width, channels]` to `[batch, channels]`. */
  | { readonly type: 'average_pooling' }
  | { readonly type: 'dense'; readonly units: number }
  | { readonly type: 'dropout'; readonly rate: number }
  /** 3x3, valid padding. */
  | { readonly type: 'convolution'; readonly filters: number }
  /** 2x2, stride 2. */
  | { readonly type: 'max_pooling' };

/**
 * The heads of the reference study, without the softmax layer that `createTransferModel` adds: `INCEPTION_V3` for its
 * experiment 3, `CNN` for experiment 4, where the three blocks of the small CNN are stacked on a frozen one.
 */
export const STUDY_HEADS = {
  INCEPTION_V3: [
    { type: 'flatten' },
    { type: 'dense', units: 256 },
    { type: 'dropout', rate: 0.2 },
    { type: 'dense', units: 128 },
    { type: 'dropout', rate: 0.2 },
  ],
  CNN: [
    { type: 'convolution', filters: 32 },
    { type: 'max_pooling' },
    { type: 'convolution', filters: 64 },
    { type: 'max_pooling' },
    { type: 'convolution', filters: 128 },
    { type: 'max_pooling' },
    { type: 'flatten' },
    { type: 'dropout', rate: 0.2 },
  ],
} as const satisfies Readonly<Record<string, readonly HeadLayer[]>>;

/** How the layers of a head are named and drawn. */
export interface HeadSettings {
  /** In front of every layer's name: `head_dense_1`. */
  readonly name: string;
  readonly seed: number;
}

/**
 * @internal Applies the layers of a head and a softmax layer over the classes.
 *
 * @throws {InvalidArgumentError} If a layer of the head does not fit what comes before it, or leaves no pixel of the features.
 */
export function applyHead(
  features: SymbolicTensor,
  head: readonly HeadLayer[],
  classes: number,
  settings: HeadSettings,
): SymbolicTensor {
  checkOrder(features.shape, head);
  const counts = new Map<string, number>();
  let x = features;
  for (const layer of head) {
    const count = (counts.get(layer.type) ?? 0) + 1;
    counts.set(layer.type, count);
    const layerName = `${settings.name}_${layer.type}_${count}`;
    x = headLayer(layer, layerName, settings.seed).apply(x) as SymbolicTensor;
    if (x.shape.slice(1).some((size) => size !== null && size < 1)) {
      throw new InvalidArgumentError({
        argument: 'head',
        expected: `layers that fit the base's features of ${features.shape.slice(1).join('x')}; ${layerName} leaves no pixel of them`,
        received: head.map(({ type }) => type),
        fix: 'Use larger images, or a head with fewer convolutions and poolings.',
      });
    }
  }
  const name = `${settings.name}_probabilities`;
  const kernelInitializer = glorotUniform(settings.seed, name);
  const probabilities = layers.dense({ units: classes, activation: 'softmax', kernelInitializer, name });
  return probabilities.apply(x) as SymbolicTensor;
}

const TYPES = ['average_pooling', 'convolution', 'dense', 'dropout', 'flatten', 'max_pooling'];

/** Before any layer is made: dense layers, such as the last one, take vectors, the others but dropout images of features. */
function checkOrder(shape: readonly (number | null)[], head: readonly HeadLayer[]): void {
  const received = head.map(({ type }) => type);
  const refuse = (expected: string) => new InvalidArgumentError({ argument: 'head', expected, received });
  let isVector = shape.length === 2;
  for (const type of [...received, 'dense'] as const) {
    if (!TYPES.includes(type)) throw refuse(`layers of the types ${TYPES.join(', ')}`);
    if (type === 'dropout') continue;
    if (type === 'dense' && !isVector) {
      throw refuse(
        'flatten or average_pooling before the first dense layer, because the base gives images of features',
      );
    }
    if (type !== 'dense' && isVector)
      throw refuse(`dense layers and dropout where the features are a vector, not ${type}`);
    isVector ||= type === 'flatten' || type === 'average_pooling';
  }
}

function headLayer(layer: HeadLayer, name: string, seed: number): layers.Layer {
  switch (layer.type) {
    case 'flatten':
      return layers.flatten({ name });
    case 'average_pooling':
      return layers.globalAveragePooling2d({ name });
    case 'dense':
      return layers.dense({
        units: layer.units,
        activation: 'relu',
        kernelInitializer: glorotUniform(seed, name),
        name,
      });
    case 'dropout':
      return dropout({ rate: layer.rate, seed, name });
    case 'convolution':
      return layers.conv2d({
        filters: layer.filters,
        kernelSize: 3,
        activation: 'relu',
        kernelInitializer: glorotUniform(seed, name),
        name,
      });
    case 'max_pooling':
      return layers.maxPooling2d({ poolSize: 2, name });
  }
}
