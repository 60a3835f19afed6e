import * as tf from '@tensorflow/tfjs-core';
import type { ModelParts } from './model-parts.js';

/** Views into shared memory, one per weight of a model, in the order of `modelParts`. */
export type WeightMemory = readonly Float32Array[];

/** Bytes of all weights as float32. */
export function weightBytes({ weights }: ModelParts): number {
  return weights.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]) * 4, 0);
}

/** Lays the weights of a model out in memory. */
export function weightMemory({ weights }: ModelParts, memory: SharedArrayBuffer): WeightMemory {
  let offset = 0;
  return weights.map(({ shape }) => {
    const view = new Float32Array(memory, offset, tf.util.sizeFromShape(shape as number[]));
    offset += view.byteLength;
    return view;
  });
}

/** Copies weights of the model into memory. */
export async function storeWeights(
  { weights }: ModelParts,
  memory: WeightMemory,
  indices: readonly number[],
): Promise<void> {
  for (const index of indices) memory[index]!.set(await weights[index]!.read().data());
}

/** Copies weights from memory into the model. */
export function loadWeights({ weights }: ModelParts, memory: WeightMemory, indices: readonly number[]): void {
  for (const index of indices) {
    const weight = weights[index]!;
    tf.tidy(() => {
      // A copy: some backends keep the array, and the memory is written again.
      const values = memory[index]!.slice();
      weight.write(tf.tensor(values, weight.shape as number[], weight.dtype));
    });
  }
}
