import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkNumber, checkRange, type Range } from '../check-options.js';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { smooth } from './smooth.js';
import { storeClipped } from './store-clipped.js';

const OPTIONS: OptionNames<RandomSharpeningOptions> = {
  amount: true,
  sigma: true,
  probability: true,
};

/** Options of `randomSharpening`. */
export interface RandomSharpeningOptions {
  /** Smallest and largest amount; 0 changes nothing. */
  amount: Range;
  /** Standard deviation of the blur that is taken away, pixels. @default 1 */
  sigma?: number | undefined;
  /** Share of images that are changed. @default 1 */
  probability?: number | undefined;
}

/**
 * Sharpens with an unsharp mask: `v + amount (v - blurred)`, as scikit-image's `unsharp_mask` does.
 *
 * @throws {InvalidArgumentError} If a number is out of range.
 */
export function randomSharpening(options: RandomSharpeningOptions): ImageAugmentation<{ amount: number }> {
  refuseUnknownOptions('randomSharpening', options, OPTIONS);
  const { amount: range, sigma = 1, probability } = options;
  checkRange('amount', range, 0);
  checkNumber('sigma', sigma, 0, 100);
  return createAugmentation({
    kind: 'random-sharpening',
    probability,
    draw: (random) => ({ amount: random.uniform(...range) }),
    apply(image, { amount }) {
      const { pixels } = image;
      const sharpened = smooth(pixels, image, sigma);
      for (let at = 0; at < pixels.length; at++) {
        sharpened[at] = pixels[at]! + amount * (pixels[at]! - sharpened[at]!);
      }
      return storeClipped(pixels, sharpened);
    },
  });
}
