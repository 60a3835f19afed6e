import * as tf from '@tensorflow/tfjs-core';
import {
  type Augmentation,
  type AugmentationDraw,
  createRandom,
  InvalidArgumentError,
  type PixelAugmentation,
  type Random,
} from 'xray-core';
import { type ArrayAugmentation, type ArrayBatch, checkIds, floatsOf } from './array-batch.js';
import { checkShare } from './check-options.js';
import type { PixelImage, Pixels } from './pixel-image.js';

/**
 * An augmentation of single images. It is a function of batches, for `train`; works on 8-bit pixels, for
 * `createBatches`; and shows its draws, so that they can be logged and replayed.
 */
export interface ImageAugmentation<Parameters = unknown> extends PixelAugmentation, ArrayAugmentation {
  /** What it is, such as `random-affine`; names its random stream. */
  readonly kind: string;
  /**
   * What would happen to an image, as plain JSON. Depends on the seed, the epoch and the id alone.
   *
   * @returns `null` if the image is left as it is.
   */
  draw(id: string, draw: AugmentationDraw): Parameters | null;
  /**
   * Does to an image what a draw says.
   *
   * @returns New pixels of the same type; the given ones if `parameters` is `null`.
   */
  apply(image: PixelImage, parameters: Parameters | null): Pixels;
}

/** What makes an augmentation of single images. */
export interface AugmentationDefinition<Parameters> {
  /** What it is, such as `random-affine`; names its random stream. */
  kind: string;
  /** Share of images that are changed, in `[0, 1]`. @default 1 */
  probability?: number | undefined;
  /** Draws the parameters of one image: plain JSON, without regard to the image's size. */
  draw(random: Random): Parameters;
  /** Makes new pixels of the same type and length; leaves the given ones alone. */
  apply(image: PixelImage, parameters: Parameters): Pixels;
}

/**
 * Makes an augmentation from a draw and what it does to the pixels of one image, uint8 or float32. All
 * augmentations of this package that do not mix images are made with it; use it for your own.
 *
 * @throws {InvalidArgumentError} If `probability` is outside `[0, 1]`; later, if `apply` gives another number of values.
 *
 * @example
 * const negative = createAugmentation({
 *   kind: 'negative',
 *   probability: 0.1,
 *   draw: () => ({}),
 *   apply: ({ pixels }) => pixels.map((value) => (pixels instanceof Uint8Array ? 255 : 1) - value),
 * });
 */
export function createAugmentation<Parameters>(
  definition: AugmentationDefinition<Parameters>,
): ImageAugmentation<Parameters> {
  const { kind, probability = 1 } = definition;
  checkShare('probability', probability);
  return imageAugmentation({
    kind,
    draw(id, { seed, epoch }) {
      const random = createRandom(seed).stream(kind, epoch, id);
      return random.uniform() < probability ? definition.draw(random) : null;
    },
    apply(image, parameters) {
      if (parameters === null) return image.pixels;
      const pixels = definition.apply(image, parameters);
      if (pixels.length === image.pixels.length) return pixels;
      throw new InvalidArgumentError({
        argument: `apply of ${kind}`,
        expected: `a function that gives as many values as it is given (${image.pixels.length})`,
        received: pixels.length,
      });
    },
  });
}

type OfImages = [ids: readonly string[], draw: AugmentationDraw];

/** @internal Adds the two ways to run it, over batches and over 8-bit pixels. */
export function imageAugmentation<Parameters>(
  one: Pick<ImageAugmentation<Parameters>, 'kind' | 'draw' | 'apply'>,
): ImageAugmentation<Parameters> {
  const augmentFloats = (before: Float32Array, shape: ArrayBatch['imageShape'], ...ofImages: OfImages) => {
    const [count, height, width, channels] = shape;
    const size = height * width * channels;
    const [ids, draw] = ofImages;
    checkIds(ids, count);
    const after = new Float32Array(before.length);
    ids.forEach((id, place) => {
      const pixels = before.subarray(place * size, (place + 1) * size);
      after.set(one.apply({ pixels, height, width, channels }, one.draw(id, draw)), place * size);
    });
    return after;
  };
  const augment: Augmentation = ({ images, labels, ids }, draw) => {
    const after = augmentFloats(floatsOf(images), images.shape, ids, draw);
    return { images: tf.tensor4d(after, images.shape), labels: tf.clone(labels), ids };
  };
  const augmentArrays: ArrayAugmentation['augmentArrays'] = (batch, draw) => ({
    ...batch,
    pixels: augmentFloats(batch.pixels, batch.imageShape, batch.ids, draw),
  });
  const augmentPixels: PixelAugmentation['augmentPixels'] = (image, id, draw) =>
    one.apply(image, one.draw(id, draw)) as Uint8Array;
  return Object.assign(augment, { ...one, augmentArrays, augmentPixels });
}

/** True for augmentations of single images, false for those that mix the images of a batch. */
export function isImageAugmentation(augmentation: Augmentation): augmentation is ImageAugmentation {
  const { draw, apply, augmentPixels } = augmentation as Partial<ImageAugmentation>;
  return [draw, apply, augmentPixels].every((part) => typeof part === 'function');
}
