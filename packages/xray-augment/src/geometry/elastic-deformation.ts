import { createRandom, type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkNumber, checkRange, type Range } from '../check-options.js';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { smooth } from '../filters/smooth.js';
import { blankLike, type PixelImage, type Pixels } from '../pixel-image.js';
import { createSampler, type Sampling, type SamplingOptions, samplingOf } from './sampler.js';

const OPTIONS: OptionNames<ElasticDeformationOptions> = {
  alpha: true,
  sigma: true,
  probability: true,
  interpolation: true,
  fill: true,
  fillValue: true,
};

/** Options of `elasticDeformation`. */
export interface ElasticDeformationOptions extends SamplingOptions {
  /**
   * Smallest and largest strength, pixels before smoothing: displacements have a standard deviation of about
   * `0.16 * alpha / sigma` pixels.
   */
  alpha: Range;
  /** Standard deviation of the smoothing, pixels: how far neighbours move together. */
  sigma: number;
  /** Share of images that are changed. @default 1 */
  probability?: number | undefined;
}

/** A draw of `elasticDeformation`. */
export interface ElasticParameters {
  /** Pixels. */
  readonly alpha: number;
  /** Seed of the displacements themselves. */
  readonly fieldSeed: number;
}

/**
 * Moves every pixel by a smooth random field: uniform noise in `[-1, 1]`, smoothed by a Gaussian, times `alpha`.
 * By far the slowest augmentation of this package: its time grows with `sigma`.
 *
 * @throws {InvalidArgumentError} If a number is out of range or a word unknown.
 *
 * @see Simard et al., Best practices for convolutional neural networks, 2003, doi:10.1109/ICDAR.2003.1227801
 */
export function elasticDeformation(options: ElasticDeformationOptions): ImageAugmentation<ElasticParameters> {
  refuseUnknownOptions('elasticDeformation', options, OPTIONS);
  const { alpha: range, sigma, probability } = options;
  const sampling = samplingOf(options);
  checkRange('alpha', range, 0);
  checkNumber('sigma', sigma, 0.1, 100);
  return createAugmentation<ElasticParameters>({
    kind: 'elastic-deformation',
    probability,
    draw: (random) => ({ alpha: random.uniform(...range), fieldSeed: random.nextUint32() }),
    apply(image, { alpha, fieldSeed }) {
      const fields = ['x', 'y'].map((axis) => displacements(image, alpha, sigma, fieldSeed, axis));
      return warpByField(image, fields[0]!, fields[1]!, sampling);
    },
  });
}

/** `[height * width]`, pixels. */
function displacements(
  { height, width }: PixelImage,
  alpha: number,
  sigma: number,
  seed: number,
  axis: string,
): Float32Array {
  const random = createRandom(seed).stream(axis);
  const noise = Float32Array.from({ length: height * width }, () => random.uniform(-alpha, alpha));
  return smooth(noise, { height, width, channels: 1 }, sigma, 'constant');
}

/**
 * Takes the value of each pixel from where its displacement points.
 *
 * @param right - `[height * width]`, pixels.
 * @param down - `[height * width]`, pixels.
 */
export function warpByField(
  image: PixelImage,
  right: Float32Array,
  down: Float32Array,
  sampling: Sampling,
): Pixels {
  const { pixels, height, width, channels } = image;
  const sample = createSampler(image, sampling);
  const output = blankLike(pixels);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) sample(x + right[at]!, y + down[at]!, output, at * channels);
  }
  return output;
}
