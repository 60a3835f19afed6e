import * as augment from 'xray-augment';
import type { AugmentationDraw } from 'xray-core';

/** An augmentation on the contact sheet. */
export interface ShownAugmentation {
  readonly name: string;
  /** As they are written in code; empty for none. */
  readonly options: string;
  /**
   * @param image - uint8 `[size * size]`.
   * @param partner - Another image, for those that mix two.
   * @returns The image after one draw.
   */
  draw(image: Uint8Array, partner: Uint8Array, size: number, draw: AugmentationDraw): Uint8Array;
}

/** Every augmentation that `xray-augment` exports, with options that can be seen, and its presets. */
export const SHOWN: readonly ShownAugmentation[] = [
  single(augment.horizontalFlip, {}),
  single(augment.randomAffine, { rotation: 20, translation: 0.1, zoom: [0.8, 1.2], shear: 10 }),
  single(augment.randomAffine, { rotation: 20, zoom: [0.7, 0.9], fill: 'reflect' }),
  single(augment.elasticDeformation, { alpha: [80, 200], sigma: 8 }),
  single(augment.randomBrightness, { change: 0.25 }),
  single(augment.randomContrast, { factor: [0.5, 1.8] }),
  single(augment.randomGamma, { gamma: [0.5, 2] }),
  single(augment.windowJitter, { low: [0, 20], high: [80, 100] }),
  single(augment.histogramEqualization, {}),
  single(augment.clahe, { clipLimit: [1, 6] }),
  single(augment.gaussianNoise, { standardDeviation: [0.02, 0.1] }),
  single(augment.gaussianBlur, { sigma: [0.5, 3] }),
  single(augment.randomSharpening, { amount: [0.5, 3], sigma: 2 }),
  single(augment.randomErasing, { area: [0.02, 0.2], probability: 1 }),
  mixing(augment.mixup, { alpha: 1 }),
  mixing(augment.cutmix, { alpha: 1 }),
  single(augment.chestXray, {}),
  single(augment.strong, {}),
];

function single<Options extends object>(
  create: (options: Options) => augment.ImageAugmentation,
  options: NoInfer<Options>,
): ShownAugmentation {
  const augmentation = create(options);
  return {
    name: create.name,
    options: written(options),
    draw: (pixels, _, size, draw) =>
      augmentation.augmentPixels({ pixels, height: size, width: size, channels: 1 }, 'image', draw),
  };
}

function mixing<Options extends object>(
  create: (options: Options) => augment.MixingAugmentation,
  options: NoInfer<Options>,
): ShownAugmentation {
  const augmentation = create(options);
  return {
    name: create.name,
    options: written(options),
    draw(image, partner, size, draw) {
      const { pixels } = augmentation.augmentArrays(
        {
          pixels: Float32Array.from([...image, ...partner], (level) => level / 255),
          imageShape: [2, size, size, 1],
          labels: Float32Array.of(1, 0, 0, 1),
          ids: ['image', 'partner'],
        },
        draw,
      );
      return Uint8Array.from(image, (_, at) => Math.round(255 * pixels[at]!));
    },
  };
}

/** `{ a: 1, b: [2, 3] }` as `a: 1, b: [2, 3]`. */
function written(options: object): string {
  return Object.entries(options)
    .map(([name, value]) => {
      const text = Array.isArray(value)
        ? `[${value.join(', ')}]`
        : typeof value === 'string'
          ? `'${value}'`
          : value;
      return `${name}: ${text}`;
    })
    .join(', ');
}
