import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError } from 'xray-core';
import { glorotUniform } from './glorot-uniform.js';

/** How a network without a top pools its features: not, or to `[batch, channels]`. */
export type Pooling = 'none' | 'average' | 'max';

/** What comes behind the last block of a network, as in Keras. */
export interface TopSettings {
  readonly includeTop: boolean;
  readonly pooling: Pooling;
  readonly classes: number;
  readonly seed: number;
}

/**
 * Pools features, or puts average pooling and a softmax layer behind them.
 *
 * @throws {InvalidArgumentError} If an option is out of range.
 */
export function withTop(
  features: SymbolicTensor,
  { includeTop, pooling, classes, seed }: TopSettings,
): SymbolicTensor {
  if (!['none', 'average', 'max'].includes(pooling)) {
    throw new InvalidArgumentError({
      argument: 'pooling',
      expected: "'none', 'average' or 'max'",
      received: pooling,
    });
  }
  if (!includeTop) {
    if (pooling === 'none') return features;
    const layer =
      pooling === 'average'
        ? layers.globalAveragePooling2d({ name: 'avg_pool' })
        : layers.globalMaxPooling2d({ name: 'max_pool' });
    return layer.apply(features) as SymbolicTensor;
  }
  if (!Number.isSafeInteger(classes) || classes < 2) {
    throw new InvalidArgumentError({
      argument: 'classes',
      expected: 'an integer of at least 2',
      received: classes,
    });
  }
  const pooled = layers.globalAveragePooling2d({ name: 'avg_pool' }).apply(features);
  const name = 'predictions';
  const kernelInitializer = glorotUniform(seed, name);
  return layers
    .dense({ units: classes, activation: 'softmax', kernelInitializer, name })
    .apply(pooled) as SymbolicTensor;
}
