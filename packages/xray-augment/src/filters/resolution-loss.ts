import { type OptionNames, refuseUnknownOptions, resizeImage } from 'xray-core';
import { checkRange, type Range } from '../check-options.js';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { onEightBits } from '../histogram/eight-bit.js';

const OPTIONS: OptionNames<ResolutionLossOptions> = {
  factor: true,
  probability: true,
};

/** Options of `resolutionLoss`. */
export interface ResolutionLossOptions {
  /** Smallest and largest factor by which the sides are made smaller, at least 1. */
  factor: Range;
  /** Share of images that are changed. @default 1 */
  probability?: number | undefined;
}

/**
 * Makes an image smaller and large again, so that its fine detail is lost, as when it was once saved as a small file. Both ways
 * bilinear with antialiasing, on 256 levels.
 *
 * @throws {InvalidArgumentError} If `factor` is not `[low, high]` from 1 up, or the probability outside `[0, 1]`.
 */
export function resolutionLoss(options: ResolutionLossOptions): ImageAugmentation<{ factor: number }> {
  refuseUnknownOptions('resolutionLoss', options, OPTIONS);
  const { factor: range, probability } = options;
  checkRange('factor', range, 1);
  return createAugmentation({
    kind: 'resolution-loss',
    probability,
    draw: (random) => ({ factor: random.uniform(...range) }),
    apply: (image, { factor }) =>
      onEightBits(image, (plane) => {
        const { height, width } = plane;
        const smaller = (side: number) => Math.max(1, Math.round(side / factor));
        const rule = { height: smaller(height), width: smaller(width) };
        const small = resizeImage({ ...plane, channels: 1 }, rule);
        return resizeImage(small, { height, width }).pixels as Uint8Array;
      }),
  });
}
