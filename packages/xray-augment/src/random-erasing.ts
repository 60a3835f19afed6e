import { createRandom, type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkRange, checkShare, type Range } from './check-options.js';
import { createAugmentation, type ImageAugmentation } from './create-augmentation.js';
import { type PixelImage, type Pixels, roundingOf, whiteOf } from './pixel-image.js';

const OPTIONS: OptionNames<RandomErasingOptions> = {
  area: true,
  aspect: true,
  fill: true,
  probability: true,
};

/** Options of `randomErasing`. */
export interface RandomErasingOptions {
  /** Smallest and largest erased share of the area. @default [0.02, 0.4] */
  area?: Range | undefined;
  /** Smallest and largest height by width, both as shares of the image's. @default [0.3, 1 / 0.3] */
  aspect?: Range | undefined;
  /** What is put there: a value in `[0, 1]`, or a random value for each pixel. @default 'noise' */
  fill?: number | 'noise' | undefined;
  /** Share of images that are changed. @default 0.5 */
  probability?: number | undefined;
}

/** A draw of `randomErasing`; lengths are shares of the image's. */
export interface ErasingParameters {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  readonly noiseSeed: number;
}

/**
 * Erases a rectangle. The defaults are the paper's.
 *
 * @throws {InvalidArgumentError} If a number is out of range.
 *
 * @see Zhong et al., Random erasing data augmentation, 2017, arXiv:1708.04896
 */
export function randomErasing(options: RandomErasingOptions = {}): ImageAugmentation<ErasingParameters> {
  refuseUnknownOptions('randomErasing', options, OPTIONS);
  const { area = [0.02, 0.4], aspect = [0.3, 1 / 0.3], fill = 'noise', probability = 0.5 } = options;
  checkRange('area', area, 0, 1);
  checkRange('aspect', aspect, 0.01);
  if (fill !== 'noise') checkShare('fill', fill);
  return createAugmentation<ErasingParameters>({
    kind: 'random-erasing',
    probability,
    draw(random) {
      const share = random.uniform(...area);
      // A rectangle that does not fit is made to fit, at the same area.
      const wanted = Math.sqrt(share * random.uniform(...aspect));
      const height = Math.min(1, Math.max(wanted, share));
      const width = share === 0 ? 0 : share / height;
      return {
        top: random.uniform(0, 1 - height),
        left: random.uniform(0, 1 - width),
        height,
        width,
        noiseSeed: random.nextUint32(),
      };
    },
    apply: (image, parameters) => erase(image, parameters, fill),
  });
}

function erase(image: PixelImage, parameters: ErasingParameters, fill: number | 'noise'): Pixels {
  const { height, width, channels } = image;
  const pixels = image.pixels.slice();
  const white = whiteOf(pixels);
  const rounding = roundingOf(pixels);
  const random = createRandom(parameters.noiseSeed);
  const top = Math.round(parameters.top * height);
  const bottom = Math.round((parameters.top + parameters.height) * height);
  const left = Math.round(parameters.left * width);
  const right = Math.round((parameters.left + parameters.width) * width);
  for (let y = top; y < bottom; y++) {
    const start = (y * width + left) * channels;
    const end = (y * width + right) * channels;
    for (let at = start; at < end; at++) {
      pixels[at] = (fill === 'noise' ? random.uniform(0, white) : fill * white) + rounding;
    }
  }
  return pixels;
}
