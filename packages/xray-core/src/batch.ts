import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import type { ClassList } from './class-list.js';

/** What a training step eats. Whoever receives a batch owns its tensors and disposes them. */
export interface Batch {
  /** float32 `[batch, height, width, channels]`, pixels in `[0, 1]`. */
  readonly images: Tensor4D;
  /** float32 `[batch, classes]`, one-hot (mixed after mixup). */
  readonly labels: Tensor2D;
  /** `[batch]`, ids of the samples. */
  readonly ids: readonly string[];
}

/** A dataset side as batches, one epoch at a time. */
export interface BatchSource {
  readonly classList: ClassList;
  /** Images per epoch. */
  readonly sampleCount: number;
  /** Images per batch; the last batch of an epoch may hold fewer. */
  readonly batchSize: number;
  /** `ceil(sampleCount / batchSize)`. */
  readonly batchCount: number;
  /**
   * The batches of one epoch. The order depends on the source's seed and the epoch number alone, so that a
   * resumed run sees what an uninterrupted one would have seen.
   *
   * @param epoch - Counts from 0.
   */
  epoch(epoch: number, options?: { signal?: AbortSignal | undefined }): AsyncIterable<Batch>;
  /** Id of a sample → whose image it is; absent where nothing says so. */
  readonly patients?: ReadonlyMap<string, string> | undefined;
  /** Ids of the samples of an epoch in the order of its batches, without making any. */
  order(epoch: number): readonly string[];
}

/**
 * Changes a batch for training: same shape, same range; labels may be mixed.
 * The result's tensors are new and belong to the caller, the given batch stays as it was. What happens to a
 * sample depends on the seed, the epoch and its id alone, never on its place in the batch or the batch size.
 */
export type Augmentation = (batch: Batch, draw: AugmentationDraw) => Batch;

/** Names the random draw of an augmentation. */
export interface AugmentationDraw {
  readonly seed: number;
  /** Counts from 0. */
  readonly epoch: number;
}

/**
 * An augmentation that picks one of a few fixed changes for every sample, such as mirrored or not. What depends on the
 * image alone, such as the features of a frozen base, can then be computed once for each.
 */
export interface VariantAugmentation extends Augmentation {
  /** Names the changes and their settings, for example `horizontal-flip`; part of the keys of caches. */
  readonly variantsName: string;
  /** All changes, the one that changes nothing among them. Each gives new tensors. */
  readonly variants: readonly ((batch: Batch) => Batch)[];
  /** Which of them a sample gets in a draw: the same that the augmentation itself picks. */
  variantOf(id: string, draw: AugmentationDraw): number;
}

/** True for augmentations with a few fixed variants. */
export function hasVariants(augmentation: Augmentation): augmentation is VariantAugmentation {
  return Array.isArray((augmentation as Partial<VariantAugmentation>).variants);
}

/**
 * Changes the 8-bit pixels of one image for training, before they become a float batch: a quarter of the bytes, and
 * no second copy. The same rule for the draw as for `Augmentation`.
 */
export interface PixelAugmentation {
  /**
   * @param image - `pixels` are `[height * width * channels]`, 0 is black, and stay as they were.
   * @returns Pixels of the same length, the given ones if nothing happens to the image.
   */
  augmentPixels(
    image: {
      readonly pixels: Uint8Array;
      readonly height: number;
      readonly width: number;
      readonly channels: number;
    },
    id: string,
    draw: AugmentationDraw,
  ): Uint8Array;
}
