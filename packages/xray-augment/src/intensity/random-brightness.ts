import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkShare } from '../check-options.js';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { mapLines } from './map-levels.js';

const OPTIONS: OptionNames<RandomBrightnessOptions> = {
  change: true,
  probability: true,
};

/** Options of `randomBrightness`. */
export interface RandomBrightnessOptions {
  /** Largest change to either side, as a share of white. */
  change: number;
  /** Share of images that are changed. @default 1 */
  probability?: number | undefined;
}

/**
 * Adds the same amount to every pixel: `v + change`.
 *
 * @throws {InvalidArgumentError} If a number is outside `[0, 1]`.
 */
export function randomBrightness(options: RandomBrightnessOptions): ImageAugmentation<{ change: number }> {
  refuseUnknownOptions('randomBrightness', options, OPTIONS);
  const { change: most, probability } = options;
  checkShare('change', most);
  return createAugmentation({
    kind: 'random-brightness',
    probability,
    draw: (random) => ({ change: random.uniform(-most, most) }),
    apply: (image, { change }) => mapLines(image, () => ({ scale: 1, offset: change })),
  });
}
