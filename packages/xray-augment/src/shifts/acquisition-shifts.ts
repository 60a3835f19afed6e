import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import { gaussianBlur } from '../filters/gaussian-blur.js';
import { gaussianNoise } from '../filters/gaussian-noise.js';
import { jpegArtifacts } from '../filters/jpeg-artifacts.js';
import { randomSharpening } from '../filters/random-sharpening.js';
import { resolutionLoss } from '../filters/resolution-loss.js';
import { randomAffine } from '../geometry/random-affine.js';
import { clahe } from '../histogram/clahe.js';
import { histogramEqualization } from '../histogram/histogram-equalization.js';
import { mapLines } from '../intensity/map-levels.js';
import { randomContrast } from '../intensity/random-contrast.js';
import { randomGamma } from '../intensity/random-gamma.js';
import type { PixelImage } from '../pixel-image.js';

/** 1 is mild, 3 strong. */
export type ShiftStrength = 1 | 2 | 3;

/** A way in which images from elsewhere differ, in one strength. */
export interface AcquisitionShift {
  /** What changes, such as `blur`. */
  readonly name: ShiftName;
  readonly strength: ShiftStrength;
  /** The number behind the strength, such as `standard deviation 1 % of the width`. */
  readonly setting: string;
  /** Does it to every image. Only `noise` draws anything: from the seed and the image's id. */
  readonly augmentation: ImageAugmentation<unknown>;
}

/** Names of the shifts, in the order in which they are reported. */
export const SHIFT_NAMES = [
  'gamma-darker',
  'gamma-brighter',
  'contrast-lower',
  'contrast-higher',
  'underexposure',
  'overexposure',
  'blur',
  'sharpening',
  'noise',
  'jpeg',
  'equalization',
  'clahe',
  'wider',
  'taller',
  'crop',
  'resolution',
] as const;

/** What changes, such as `blur`. */
export type ShiftName = (typeof SHIFT_NAMES)[number];

/** The three numbers of a shift, how they read, and what they do. */
interface ShiftDefinition {
  readonly levels: readonly [mild: number, medium: number, strong: number];
  setting(level: number): string;
  create(level: number): ImageAugmentation<unknown>;
}

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;

/** Zooms of less than 1 show what lies outside: repeated border pixels, not a black frame that no device makes. */
const stretched = (widthFactor: number, heightFactor: number) => {
  const parameters = {
    rotation: 0,
    shear: 0,
    zoom: 1,
    stretchX: widthFactor,
    stretchY: heightFactor,
    translationX: 0,
    translationY: 0,
    flipped: false,
  };
  const { apply } = randomAffine({ fill: 'edge' });
  return createAugmentation({
    kind: 'stretch',
    draw: () => parameters,
    apply: (image, drawn) => apply(image, drawn),
  });
};

const exposed = (change: number) =>
  createAugmentation({
    kind: 'exposure',
    draw: () => ({ change }),
    apply: (image) => mapLines(image, () => ({ scale: 1, offset: change })),
  });

/** Filters of the same effect at every image size: their reach is a share of the width. */
const inWidths = (
  kind: string,
  share: number,
  filter: (sigma: number, image: PixelImage) => ReturnType<ImageAugmentation['apply']>,
) =>
  createAugmentation({
    kind,
    draw: () => ({ share }),
    apply: (image) => filter(share * image.width, image),
  });

const blended = (share: number) => {
  const equalize = histogramEqualization();
  return createAugmentation({
    kind: 'blended-equalization',
    draw: () => ({ share }),
    apply(image) {
      const equalized = equalize.apply(image, { equalized: true });
      return image.pixels.map((value, at) => value + share * (equalized[at]! - value));
    },
  });
};

const SHIFTS: Readonly<Record<ShiftName, ShiftDefinition>> = {
  'gamma-darker': {
    levels: [1.25, 1.6, 2],
    setting: (gamma) => `exponent ${gamma}`,
    create: (gamma) => randomGamma({ gamma: [gamma, gamma] }),
  },
  'gamma-brighter': {
    levels: [0.8, 0.625, 0.5],
    setting: (gamma) => `exponent ${gamma}`,
    create: (gamma) => randomGamma({ gamma: [gamma, gamma] }),
  },
  'contrast-lower': {
    levels: [0.75, 0.55, 0.35],
    setting: (factor) => `factor ${factor} about the mean`,
    create: (factor) => randomContrast({ factor: [factor, factor] }),
  },
  'contrast-higher': {
    levels: [1.3, 1.7, 2.2],
    setting: (factor) => `factor ${factor} about the mean`,
    create: (factor) => randomContrast({ factor: [factor, factor] }),
  },
  underexposure: {
    levels: [-0.1, -0.2, -0.3],
    setting: (change) => `${percent(-change)} of white taken off`,
    create: exposed,
  },
  overexposure: {
    levels: [0.1, 0.2, 0.3],
    setting: (change) => `${percent(change)} of white added`,
    create: exposed,
  },
  blur: {
    levels: [0.005, 0.01, 0.015],
    setting: (share) => `standard deviation ${percent(share)} of the width`,
    create: (share) =>
      inWidths('relative-blur', share, (sigma, image) =>
        gaussianBlur({ sigma: [sigma, sigma] }).apply(image, { sigma }),
      ),
  },
  sharpening: {
    levels: [0.75, 1.5, 3],
    setting: (amount) => `unsharp mask of 1 % of the width, amount ${amount}`,
    create: (amount) =>
      inWidths('relative-sharpening', 0.01, (sigma, image) =>
        randomSharpening({ amount: [amount, amount], sigma }).apply(image, { amount }),
      ),
  },
  noise: {
    levels: [0.02, 0.05, 0.1],
    setting: (deviation) => `standard deviation ${percent(deviation)} of white`,
    create: (deviation) => gaussianNoise({ standardDeviation: [deviation, deviation] }),
  },
  jpeg: {
    levels: [50, 25, 10],
    setting: (quality) => `quality ${quality}`,
    create: (quality) => jpegArtifacts({ quality: [quality, quality] }),
  },
  equalization: {
    levels: [0.35, 0.7, 1],
    setting: (share) => `histogram equalization, ${percent(share)} of it`,
    create: blended,
  },
  clahe: {
    levels: [1.5, 3, 6],
    setting: (limit) => `clip limit ${limit}, 4x4 tiles`,
    create: (limit) => clahe({ clipLimit: [limit, limit], tiles: 4 }),
  },
  wider: {
    levels: [1.1, 1.2, 1.35],
    setting: (factor) => `width stretched by ${factor}`,
    create: (factor) => stretched(factor, 1),
  },
  taller: {
    levels: [1.1, 1.2, 1.35],
    setting: (factor) => `height stretched by ${factor}`,
    create: (factor) => stretched(1, factor),
  },
  crop: {
    levels: [1.1, 1.2, 1.35],
    setting: (factor) => `the middle, enlarged by ${factor}`,
    create: (factor) => stretched(factor, factor),
  },
  resolution: {
    levels: [1.5, 2, 3],
    setting: (factor) => `shrunk by ${factor} and enlarged again`,
    create: (factor) => resolutionLoss({ factor: [factor, factor] }),
  },
};

/**
 * A fixed set of ways in which images from another hospital, device or export differ from those that a network was trained
 * on: 16 of them, each mild, medium and strong. A network that only learned how its training folder looks gets worse under
 * them, which a validation side of the same folder cannot show.
 *
 * The set follows ImageNet-C in kind; the strengths are ours, chosen so that the findings stay visible to a reader at the
 * strongest one.
 *
 * @param names - Which shifts. @default all
 * @param strengths - @default all three
 * @returns In the order of `SHIFT_NAMES`, from mild to strong.
 *
 * @see Hendrycks & Dietterich 2019, Benchmarking neural network robustness to common corruptions, arXiv:1903.12261
 *
 * @example
 * for (const { name, strength, augmentation } of acquisitionShifts()) augmentation(batch, { seed: 0, epoch: 0 });
 */
export function acquisitionShifts(
  names: readonly ShiftName[] = SHIFT_NAMES,
  strengths: readonly ShiftStrength[] = [1, 2, 3],
): readonly AcquisitionShift[] {
  return SHIFT_NAMES.filter((name) => names.includes(name)).flatMap((name) =>
    strengths.map((strength) => {
      const { levels, setting, create } = SHIFTS[name];
      const level = levels[strength - 1]!;
      return { name, strength, setting: setting(level), augmentation: create(level) };
    }),
  );
}
