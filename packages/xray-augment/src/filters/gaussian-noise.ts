import { createRandom, type OptionNames, type Random, refuseUnknownOptions } from 'xray-core';
import { checkRange, type Range } from '../check-options.js';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { type Pixels, whiteOf } from '../pixel-image.js';
import { storeClipped } from './store-clipped.js';

const OPTIONS: OptionNames<GaussianNoiseOptions> = {
  standardDeviation: true,
  probability: true,
};

/** Options of `gaussianNoise`. */
export interface GaussianNoiseOptions {
  /** Smallest and largest standard deviation, as a share of white. */
  standardDeviation: Range;
  /** Share of images that are changed. @default 1 */
  probability?: number | undefined;
}

/** A draw of `gaussianNoise`. */
export interface NoiseParameters {
  /** As a share of white. */
  readonly standardDeviation: number;
  /** Seed of the noise itself. */
  readonly noiseSeed: number;
}

/**
 * Adds normal noise, drawn for each value.
 *
 * @throws {InvalidArgumentError} If the range is not `[low, high]` in `[0, 1]`, or the probability outside `[0, 1]`.
 */
export function gaussianNoise(options: GaussianNoiseOptions): ImageAugmentation<NoiseParameters> {
  refuseUnknownOptions('gaussianNoise', options, OPTIONS);
  const { standardDeviation: range, probability } = options;
  checkRange('standardDeviation', range, 0, 1);
  return createAugmentation<NoiseParameters>({
    kind: 'gaussian-noise',
    probability,
    draw: (random) => ({ standardDeviation: random.uniform(...range), noiseSeed: random.nextUint32() }),
    apply({ pixels }, { standardDeviation, noiseSeed }) {
      const scale = standardDeviation * whiteOf(pixels);
      return storeClipped(pixels, addNormal(pixels, scale, createRandom(noiseSeed)));
    },
  });
}

/** Box–Muller gives two values at a time; a loop, because `Float32Array.from` takes several times as long. */
function addNormal(pixels: Pixels, scale: number, random: Random): Float32Array {
  const noisy = new Float32Array(pixels.length);
  for (let at = 0; at < pixels.length; at += 2) {
    const radius = scale * Math.sqrt(-2 * Math.log(1 - random.uniform())); // 1 - u keeps log finite
    const angle = 2 * Math.PI * random.uniform();
    noisy[at] = pixels[at]! + radius * Math.cos(angle);
    if (at + 1 < pixels.length) noisy[at + 1] = pixels[at + 1]! + radius * Math.sin(angle);
  }
  return noisy;
}
