import * as tf from '@tensorflow/tfjs-core';
import type { AugmentationDraw, Batch, VariantAugmentation } from 'xray-core';
import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkIds } from './array-batch.js';
import { createAugmentation, type ImageAugmentation } from './create-augmentation.js';
import { blankLike, type PixelImage, type Pixels } from './pixel-image.js';

const OPTIONS: OptionNames<HorizontalFlipOptions> = {
  probability: true,
};

/** Options of `horizontalFlip`. */
export interface HorizontalFlipOptions {
  /** Share of images that are mirrored, in `[0, 1]`. @default 0.5 */
  probability?: number | undefined;
}

/**
 * Mirrors images left to right. It is the only augmentation of the reference study; mind that it puts the heart
 * on the other side, so it does not suit every question.
 *
 * @throws {InvalidArgumentError} If `probability` is outside `[0, 1]`.
 *
 * @example
 * const augment = horizontalFlip();
 * const flipped = augment(batch, { seed: 7, epoch: 0 });
 */
export function horizontalFlip(
  options: HorizontalFlipOptions = {},
): ImageAugmentation<{ flipped: true }> & VariantAugmentation {
  refuseUnknownOptions('horizontalFlip', options, OPTIONS);
  const { probability = 0.5 } = options;
  const flip = createAugmentation({
    kind: 'horizontal-flip',
    probability,
    draw: () => ({ flipped: true }) as const,
    apply: mirror,
  });
  const isFlipped = (id: string, draw: AugmentationDraw) => flip.draw(id, draw) !== null;
  const augment = (batch: Batch, draw: AugmentationDraw) =>
    mirrorBatch(
      batch,
      batch.ids.map((id) => isFlipped(id, draw)),
    );
  const { kind, draw, apply, augmentArrays, augmentPixels } = flip;
  return Object.assign(augment, {
    ...{ kind, draw, apply, augmentArrays, augmentPixels },
    variantsName: 'horizontal-flip',
    variants: [false, true].map((flipped) => (batch: Batch) => {
      return mirrorBatch(
        batch,
        batch.ids.map(() => flipped),
      );
    }),
    variantOf: (id: string, draw: AugmentationDraw) => Number(isFlipped(id, draw)),
  });
}

/** By ops, so that images that are on a graphics card already stay there; one by one, cheaper than a mask. */
function mirrorBatch({ images, labels, ids }: Batch, flips: readonly boolean[]): Batch {
  checkIds(ids, images.shape[0]);
  return {
    images: tf.tidy(() => {
      const parts = flips.map((isFlipped, place) => {
        const image = tf.slice(images, [place, 0, 0, 0], [1, -1, -1, -1]);
        return isFlipped ? tf.reverse(image, 2) : image;
      });
      return tf.concat(parts, 0);
    }),
    labels: tf.clone(labels),
    ids,
  };
}

/** Swaps left and right; the channels of a pixel stay in their order. */
function mirror({ pixels, height, width, channels }: PixelImage): Pixels {
  const mirrored = blankLike(pixels);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = width - 1; x >= 0; x--) {
      const from = (y * width + x) * channels;
      for (let channel = 0; channel < channels; channel++) mirrored[to++] = pixels[from + channel]!;
    }
  }
  return mirrored;
}
