import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkNumber } from '../check-options.js';
import { drawBeta } from './beta.js';
import { createMixing, type MixingAugmentation } from './mixing-augmentation.js';

const OPTIONS: OptionNames<CutmixOptions> = {
  alpha: true,
  probability: true,
};

/** Options of `cutmix`. */
export interface CutmixOptions {
  /** Of the Beta(alpha, alpha) that kept shares are drawn from. @default 1 */
  alpha?: number | undefined;
  /** Share of images that are mixed. @default 1 */
  probability?: number | undefined;
}

/** A draw of `cutmix`; all are shares of the image's. */
export interface CutmixParameters {
  /** Kept share of the area, before the rectangle is cut off at the borders. */
  readonly share: number;
  /** Centre of the rectangle. */
  readonly centreX: number;
  readonly centreY: number;
}

/**
 * Replaces a rectangle of each image by the same one of another image of its batch; labels are mixed by the area
 * that was really replaced. See `MixingAugmentation` for what the partner depends on.
 *
 * @throws {InvalidArgumentError} If `alpha` is not in `[0.01, 1000]` or `probability` outside `[0, 1]`.
 *
 * @see Yun et al., CutMix, 2019, arXiv:1905.04899; alpha 1 is its setting
 */
export function cutmix(options: CutmixOptions = {}): MixingAugmentation<CutmixParameters> {
  refuseUnknownOptions('cutmix', options, OPTIONS);
  const { alpha = 1, probability = 1 } = options;
  checkNumber('alpha', alpha, 0.01, 1000);
  return createMixing<CutmixParameters>({
    kind: 'cutmix',
    probability,
    draw: (random) => ({
      share: drawBeta(random, alpha),
      centreX: random.uniform(),
      centreY: random.uniform(),
    }),
    mix(pixels, partner, { height, width, channels }, { share, centreX, centreY }) {
      const half = Math.sqrt(1 - share) / 2;
      const [left, right] = edges(centreX, half, width);
      const [top, bottom] = edges(centreY, half, height);
      for (let y = top; y < bottom; y++) {
        const start = (y * width + left) * channels;
        pixels.set(partner.subarray(start, start + (right - left) * channels), start);
      }
      return ((right - left) * (bottom - top)) / (width * height);
    },
  });
}

/** From and up to which pixel, cut off at the borders. */
function edges(centre: number, half: number, size: number): [from: number, to: number] {
  return [
    Math.max(0, Math.round((centre - half) * size)),
    Math.min(size, Math.round((centre + half) * size)),
  ];
}
