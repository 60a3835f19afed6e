import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { type PixelImage, whiteOf } from '../pixel-image.js';
import { mapLines } from './map-levels.js';

const OPTIONS: OptionNames<RescaleIntensityOptions> = {
  probability: true,
};

/** Options of `rescaleIntensity`. */
export interface RescaleIntensityOptions {
  /** Share of images that are changed. @default 1 */
  probability?: number | undefined;
}

/**
 * Stretches the values of an image, all channels alike, so that its darkest becomes black and its brightest white, as
 * scikit-image's `rescale_intensity` does. An image of one value stays as it is.
 *
 * @throws {InvalidArgumentError} If `probability` is outside `[0, 1]`.
 */
export function rescaleIntensity(
  options: RescaleIntensityOptions = {},
): ImageAugmentation<{ rescaled: true }> {
  refuseUnknownOptions('rescaleIntensity', options, OPTIONS);
  return createAugmentation({
    kind: 'rescale-intensity',
    probability: options.probability,
    draw: () => ({ rescaled: true }) as const,
    apply(image) {
      const [darkest, brightest] = extremesOf(image);
      const scale = brightest > darkest ? 1 / (brightest - darkest) : 1;
      const offset = brightest > darkest ? -darkest * scale : 0;
      return mapLines(image, () => ({ scale, offset }));
    },
  });
}

/** In `[0, 1]`. */
function extremesOf({ pixels }: PixelImage): readonly [darkest: number, brightest: number] {
  let [darkest, brightest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < pixels.length; at++) {
    const value = pixels[at]!;
    if (value < darkest) darkest = value;
    if (value > brightest) brightest = value;
  }
  const white = whiteOf(pixels);
  return [darkest / white, brightest / white];
}
