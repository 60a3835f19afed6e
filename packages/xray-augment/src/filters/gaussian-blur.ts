import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkRange, type Range } from '../check-options.js';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { smooth } from './smooth.js';
import { storeClipped } from './store-clipped.js';

const OPTIONS: OptionNames<GaussianBlurOptions> = {
  sigma: true,
  probability: true,
};

/** Options of `gaussianBlur`. */
export interface GaussianBlurOptions {
  /** Smallest and largest standard deviation, pixels. */
  sigma: Range;
  /** Share of images that are changed. @default 1 */
  probability?: number | undefined;
}

/**
 * Blurs with a Gaussian, mirrored at the borders, as SciPy's `gaussian_filter` does.
 *
 * @throws {InvalidArgumentError} If the range is not `[low, high]` in `[0, 100]`, or the probability outside `[0, 1]`.
 */
export function gaussianBlur(options: GaussianBlurOptions): ImageAugmentation<{ sigma: number }> {
  refuseUnknownOptions('gaussianBlur', options, OPTIONS);
  const { sigma: range, probability } = options;
  checkRange('sigma', range, 0, 100);
  return createAugmentation({
    kind: 'gaussian-blur',
    probability,
    draw: (random) => ({ sigma: random.uniform(...range) }),
    apply(image, { sigma }) {
      return storeClipped(image.pixels, smooth(image.pixels, image, sigma));
    },
  });
}
