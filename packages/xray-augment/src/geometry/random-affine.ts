import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkNumber, checkRange, checkShare, type Range } from '../check-options.js';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { type AffineParameters, affineMatrix } from './affine-matrix.js';
import { type SamplingOptions, samplingOf } from './sampler.js';
import { warpAffine } from './warp-affine.js';

const OPTIONS: OptionNames<RandomAffineOptions> = {
  rotation: true,
  translation: true,
  zoom: true,
  stretch: true,
  shear: true,
  flip: true,
  probability: true,
  interpolation: true,
  fill: true,
  fillValue: true,
};

/** Options of `randomAffine`. Everything is drawn uniformly. */
export interface RandomAffineOptions extends SamplingOptions {
  /** Largest rotation to either side, degrees. @default 0 */
  rotation?: number | undefined;
  /** Largest shift to either side, as a share of the width and of the height. @default 0 */
  translation?: number | undefined;
  /** Smallest and largest zoom; above 1 enlarges. @default [1, 1] */
  zoom?: Range | undefined;
  /** Smallest and largest zoom of each axis by itself, on top of `zoom`: it changes the proportions. @default [1, 1] */
  stretch?: Range | undefined;
  /** Largest shear to either side, degrees below 90. @default 0 */
  shear?: number | undefined;
  /** Share of images that are also mirrored left to right. @default 0 */
  flip?: number | undefined;
  /** Share of images that are changed at all. @default 1 */
  probability?: number | undefined;
}

/**
 * Rotates, shifts, zooms, stretches, shears and mirrors, all in one warp: the image is interpolated once, however much is
 * asked for.
 *
 * @throws {InvalidArgumentError} If a number is out of range or a word unknown.
 *
 * @example
 * const augment = randomAffine({ rotation: 10, translation: 0.1, zoom: [0.85, 1.15], fill: 'edge' });
 * augment.draw('image-1', { seed: 7, epoch: 0 }); // { rotation: 3.1, shear: 0, zoom: 0.97, … }
 */
export function randomAffine(options: RandomAffineOptions = {}): ImageAugmentation<AffineParameters> {
  refuseUnknownOptions('randomAffine', options, OPTIONS);
  const { rotation = 0, translation = 0, zoom = [1, 1], shear = 0, flip = 0, probability } = options;
  const { stretch = [1, 1] } = options;
  const sampling = samplingOf(options);
  checkNumber('rotation', rotation, 0, 180);
  checkShare('translation', translation);
  checkRange('zoom', zoom, 0.01);
  checkRange('stretch', stretch, 0.01);
  checkNumber('shear', shear, 0, 89);
  checkShare('flip', flip);
  return createAugmentation<AffineParameters>({
    kind: 'random-affine',
    probability,
    draw: (random) => ({
      rotation: random.uniform(-rotation, rotation),
      shear: random.uniform(-shear, shear),
      zoom: random.uniform(...zoom),
      translationX: random.uniform(-translation, translation),
      translationY: random.uniform(-translation, translation),
      flipped: random.uniform() < flip,
      stretchX: random.uniform(...stretch),
      stretchY: random.uniform(...stretch),
    }),
    apply: (image, parameters) =>
      warpAffine(image, affineMatrix(parameters, image.height, image.width), sampling),
  });
}
