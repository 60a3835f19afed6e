import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { type Batch, type BatchSource, classListOf, createRandom } from 'xray-core';
import type { EpochLogs } from '../train-options.js';

const TOY_CLASSES = classListOf(['dark', 'bright']);

/** 4x4 gray images, noisy, brighter in the second class; the smallest thing a training loop can learn from. */
export function toySource(options: {
  sampleCount: number;
  batchSize: number;
  seed: number;
  shuffle?: boolean;
  oneClass?: boolean;
  poisonId?: string;
}): BatchSource {
  const { sampleCount, batchSize, seed, shuffle = true, oneClass = false, poisonId } = options;
  const samples = Array.from({ length: sampleCount }, (_, index) => {
    const random = createRandom(seed).stream('image', index);
    const label = oneClass ? 1 : index % 2;
    const id = `sample-${index}`;
    const pixels = Array.from({ length: 16 }, () => Math.min(1, Math.max(0, random.normal(0.4 + label * 0.2, 0.2))));
    return { id, label, pixels: id === poisonId ? pixels.map(() => Number.NaN) : pixels };
  });
  const inOrder = (epoch: number) =>
    shuffle ? createRandom(seed).stream('shuffle', epoch).shuffle(samples) : samples;
  return {
    classList: TOY_CLASSES,
    sampleCount,
    batchSize,
    batchCount: Math.ceil(sampleCount / batchSize),
    async *epoch(epoch): AsyncGenerator<Batch> {
      const order = inOrder(epoch);
      for (let start = 0; start < order.length; start += batchSize) {
        const part = order.slice(start, start + batchSize);
        yield {
          images: tf.tensor4d(part.flatMap(({ pixels }) => pixels), [part.length, 4, 4, 1]),
          labels: tf.tensor2d(part.map(({ label }) => (label === 0 ? [1, 0] : [0, 1]))),
          ids: part.map(({ id }) => id),
        };
      }
    },
    order: (epoch) => inOrder(epoch).map(({ id }) => id),
  };
}

/** Flatten → dense → softmax, with fixed start weights. */
export function toyModel(options: { units?: number; seed?: number } = {}): LayersModel {
  const { units = 6, seed = 1 } = options;
  const kernelInitializer = (index: number) => initializers.glorotUniform({ seed: seed * 10 + index });
  return sequential({
    layers: [
      layers.flatten({ inputShape: [4, 4, 1] }),
      layers.dense({ units, activation: 'tanh', kernelInitializer: kernelInitializer(1) }),
      layers.dense({ units: 2, activation: 'softmax', kernelInitializer: kernelInitializer(2) }),
    ],
  });
}

/** Flatten → batch norm → dense → softmax, with fixed start weights. */
export function batchNormModel(): LayersModel {
  return sequential({
    layers: [
      layers.flatten({ inputShape: [4, 4, 1] }),
      layers.batchNormalization({ momentum: 0.5 }),
      layers.dense({ units: 2, activation: 'softmax', kernelInitializer: 'ones' }),
    ],
  });
}

export const weightsOf = (model: LayersModel): number[][] =>
  model.getWeights().map((weight) => Array.from(weight.dataSync()));

/** Logs without what differs from run to run. */
export const untimed = (history: readonly EpochLogs[]) =>
  history.map(({ seconds: _, stall_share: __, ...logs }) => logs);
