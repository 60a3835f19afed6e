import * as tf from '@tensorflow/tfjs-core';
import { type Augmentation, type AugmentationDraw, type Batch, InvalidArgumentError } from 'xray-core';

/** A batch as plain arrays: what several augmentations in a row pass on, so that nothing goes to a device in between. */
export interface ArrayBatch {
  /** `[batch * height * width * channels]`, in `[0, 1]`. */
  readonly pixels: Float32Array;
  readonly imageShape: readonly [batch: number, height: number, width: number, channels: number];
  /** `[batch * classes]`, in `[0, 1]`. */
  readonly labels: Float32Array;
  /** `[batch]` */
  readonly ids: readonly string[];
}

/** An augmentation that also works on plain arrays. */
export interface ArrayAugmentation extends Augmentation {
  /** The same as the function itself, without tensors. The result's arrays may be those given, which stay as they were. */
  augmentArrays(batch: ArrayBatch, draw: AugmentationDraw): ArrayBatch;
}

/** True for augmentations of this package. */
export function worksOnArrays(augmentation: Augmentation): augmentation is ArrayAugmentation {
  return typeof (augmentation as Partial<ArrayAugmentation>).augmentArrays === 'function';
}

/** Reads a batch at once, which WebGPU in Node cannot do any more with tensors that a kernel has used. Not to be written to. */
export function readBatch({ images, labels, ids }: Batch): ArrayBatch {
  return { pixels: floatsOf(images), imageShape: images.shape, labels: floatsOf(labels), ids };
}

/** New tensors. */
export function toBatch({ pixels, imageShape, labels, ids }: ArrayBatch): Batch {
  return {
    images: tf.tensor4d(pixels, [...imageShape]),
    labels: tf.tensor2d(labels, [ids.length, labels.length / ids.length]),
    ids,
  };
}

/** @throws {InvalidArgumentError} Unless each of the images has an id: the draws depend on them. */
export function checkIds(ids: readonly string[], images: number): void {
  if (ids.length === images) return;
  throw new InvalidArgumentError({
    argument: 'batch.ids',
    expected: `one id for each of the ${images} images`,
    received: ids,
  });
}

/** Some backends hand out what they keep, and a cast tensor may still lie there as integers. */
export function floatsOf(tensor: tf.Tensor): Float32Array {
  const values = tensor.dataSync();
  return values instanceof Float32Array ? values : Float32Array.from(values);
}
