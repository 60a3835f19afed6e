import type { AugmentationDraw, Batch, VariantAugmentation } from 'xray-core';
import { createAugmentation, type ImageAugmentation } from './create-augmentation.js';
import { blankLike, type PixelImage, type Pixels } from './pixel-image.js';

/** Options of `horizontalFlip`. */
export interface HorizontalFlipOptions {
  /** Share of images that are mirrored, in `[0, 1]`. @default 0.5 */
  probability?: number;
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
  const { probability = 0.5 } = options;
  const definition = { kind: 'horizontal-flip', draw: () => ({ flipped: true }) as const, apply: mirror };
  const flip = createAugmentation({ ...definition, probability });
  const [never, always] = [0, 1].map((share) => createAugmentation({ ...definition, probability: share }));
  const anyDraw = { seed: 0, epoch: 0 };
  return Object.assign(flip, {
    variantsName: 'horizontal-flip',
    variants: [(batch: Batch) => never!(batch, anyDraw), (batch: Batch) => always!(batch, anyDraw)],
    variantOf: (id: string, draw: AugmentationDraw) => (flip.draw(id, draw) === null ? 0 : 1),
  });
}

/** Swaps left and right; the channels of a pixel stay in their order. */
export function mirror({ pixels, height, width, channels }: PixelImage): Pixels {
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
