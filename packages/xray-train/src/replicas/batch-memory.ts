import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from 'xray-core';
import type { SharedBatch } from './messages.js';

/** Reuses shared memory from batch to batch. */
export interface BatchMemory {
  /** Copies a batch; its tensors stay as they are. */
  load(batch: Batch): Promise<SharedBatch>;
  /** Gives the memory of a batch back once every worker has read it. */
  release(batch: SharedBatch): void;
}

export function batchMemory(): BatchMemory {
  let free: SharedArrayBuffer[] = [];
  function take(bytes: number): SharedArrayBuffer {
    free = free.filter(({ byteLength }) => byteLength >= bytes); // smaller ones are of no use any more
    return free.pop() ?? new SharedArrayBuffer(bytes);
  }
  return {
    async load({ images, labels }) {
      const memory = take((images.size + labels.size) * 4);
      new Float32Array(memory, 0, images.size).set(await images.data());
      new Float32Array(memory, images.size * 4, labels.size).set(await labels.data());
      return { memory, imageShape: images.shape, classes: labels.shape[1] };
    },
    release: ({ memory }) => void free.push(memory),
  };
}

/** Images `start` to `start + count` of a batch, as tensors that the caller disposes. */
export function readImages(batch: SharedBatch, start: number, count: number): tf.Tensor4D {
  const shape = batch.imageShape.slice(1);
  const size = tf.util.sizeFromShape(shape);
  // Copies: some backends keep the array, and WebGL takes none that is shared.
  const values = new Float32Array(batch.memory, start * size * 4, count * size).slice();
  const images: tf.Tensor = tf.tensor(values, [count, ...shape]);
  return images as tf.Tensor4D; // or features of another rank
}

/** Their labels, one-hot `[count, classes]`. */
export function readLabels(batch: SharedBatch, start: number, count: number): tf.Tensor2D {
  return tf.tensor2d(labelValues(batch, start, count), [count, batch.classes]);
}

/** Their labels as a new array. */
export function labelValues(batch: SharedBatch, start: number, count: number): Float32Array<ArrayBuffer> {
  const { memory, imageShape, classes } = batch;
  const imageBytes = tf.util.sizeFromShape([...imageShape]) * 4;
  return new Float32Array(memory, imageBytes + start * classes * 4, count * classes).slice();
}
