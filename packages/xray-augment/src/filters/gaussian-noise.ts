import { createRandom } from 'xray-core';
import { checkRange, type Range } from '../check-options.js';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { whiteOf } from '../pixel-image.js';
import { storeClipped } from './store-clipped.js';

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
  const { standardDeviation: range, probability } = options;
  checkRange('standardDeviation', range, 0, 1);
  return createAugmentation<NoiseParameters>({
    kind: 'gaussian-noise',
    probability,
    draw: (random) => ({ standardDeviation: random.uniform(...range), noiseSeed: random.nextUint32() }),
    apply({ pixels }, { standardDeviation, noiseSeed }) {
      const random = createRandom(noiseSeed);
      const scale = standardDeviation * whiteOf(pixels);
      const noisy = Float32Array.from(pixels, (value) => value + random.normal(0, scale));
      return storeClipped(pixels, noisy);
    },
  });
}
