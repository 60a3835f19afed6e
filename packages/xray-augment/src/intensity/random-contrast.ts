import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkRange, type Range } from '../check-options.js';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { type PixelImage, whiteOf } from '../pixel-image.js';
import { mapLines } from './map-levels.js';

const OPTIONS: OptionNames<RandomContrastOptions> = {
  factor: true,
  probability: true,
};

/** Options of `randomContrast`. */
export interface RandomContrastOptions {
  /** Smallest and largest factor; below 1 flattens. */
  factor: Range;
  /** Share of images that are changed. @default 1 */
  probability?: number | undefined;
}

/**
 * Stretches or flattens the values about the mean of each channel: `mean + factor (v - mean)`, as
 * `tf.image.adjust_contrast` does.
 *
 * @throws {InvalidArgumentError} If the range is not `[low, high]` from 0 up, or the probability outside `[0, 1]`.
 */
export function randomContrast(options: RandomContrastOptions): ImageAugmentation<{ factor: number }> {
  refuseUnknownOptions('randomContrast', options, OPTIONS);
  const { factor: range, probability } = options;
  checkRange('factor', range, 0);
  return createAugmentation({
    kind: 'random-contrast',
    probability,
    draw: (random) => ({ factor: random.uniform(...range) }),
    apply: (image, { factor }) =>
      mapLines(image, (channel) => ({
        scale: factor,
        offset: (1 - factor) * meanOf(image, channel),
      })),
  });
}

function meanOf({ pixels, channels }: PixelImage, channel: number): number {
  let sum = 0;
  for (let at = channel; at < pixels.length; at += channels) sum += pixels[at]!;
  return sum / (pixels.length / channels) / whiteOf(pixels);
}
