import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkRange, type Range } from '../check-options.js';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { mapLevels } from './map-levels.js';

const OPTIONS: OptionNames<RandomGammaOptions> = {
  gamma: true,
  probability: true,
};

/** Options of `randomGamma`. */
export interface RandomGammaOptions {
  /** Smallest and largest exponent; below 1 brightens the shadows. */
  gamma: Range;
  /** Share of images that are changed. @default 1 */
  probability?: number | undefined;
}

/**
 * Bends the tone curve: `v ^ gamma`. Black and white stay.
 *
 * @throws {InvalidArgumentError} If the range is not `[low, high]` from 0.01 up, or the probability outside `[0, 1]`.
 */
export function randomGamma(options: RandomGammaOptions): ImageAugmentation<{ gamma: number }> {
  refuseUnknownOptions('randomGamma', options, OPTIONS);
  const { gamma: range, probability } = options;
  checkRange('gamma', range, 0.01);
  return createAugmentation({
    kind: 'random-gamma',
    probability,
    draw: (random) => ({ gamma: random.uniform(...range) }),
    // As `value ** gamma`, in a third of its time; black stays 0, the exponential of -Infinity.
    apply: (image, { gamma }) => mapLevels(image, (value) => Math.exp(gamma * Math.log(value))),
  });
}
