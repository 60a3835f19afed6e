import * as tf from '@tensorflow/tfjs-core';
import type { GradientsReply } from './messages.js';
import type { ModelParts } from './model-parts.js';
import type { WeightMemory } from './weight-memory.js';

/** What one worker computed on its shard. */
export interface ShardResult extends GradientsReply {
  /** Images in the shard. */
  readonly count: number;
  /** Gradients, and the weights in `moved`. */
  readonly values: WeightMemory;
}

/**
 * Gradients of the batch, as tensors: each shard's are of its share of the mean loss, so they add up. Always in the
 * order of the workers, so that a run repeats itself bit for bit.
 */
export function sumGradients(
  results: readonly ShardResult[],
  indices: readonly number[],
  { weights }: ModelParts,
): tf.Tensor[] {
  return indices.map((index) => {
    const sum = results[0]!.values[index]!.slice();
    for (const { values } of results.slice(1)) {
      const addend = values[index]!;
      for (let at = 0; at < sum.length; at++) sum[at]! += addend[at]!;
    }
    return tf.tensor(sum, weights[index]!.shape as number[]);
  });
}

/** Mean of one weight over the shards that moved it, by their images. Where all agree it is that value, exactly. */
export function weightedMean(results: readonly ShardResult[], index: number): Float32Array {
  const moving = results.filter(({ moved }) => moved.includes(index));
  const images = moving.reduce((sum, { count }) => sum + count, 0);
  return moving[0]!.values[index]!.map((_, at) => {
    const sum = moving.reduce((total, { values, count }) => total + values[index]![at]! * count, 0);
    return sum / images;
  });
}
