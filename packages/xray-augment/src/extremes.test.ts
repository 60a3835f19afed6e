import { expect, it } from 'vitest';
import {
  clahe,
  elasticDeformation,
  gaussianBlur,
  gaussianNoise,
  histogramEqualization,
  type ImageAugmentation,
  randomAffine,
  randomBrightness,
  randomContrast,
  randomErasing,
  randomGamma,
  randomSharpening,
  windowJitter,
} from './index.js';

const far = { rotation: 180, translation: 1, zoom: [0.01, 30], shear: 89, flip: 0.5 } as const;
/** At the ends of what the options may be. */
const EXTREMES: Readonly<Record<string, ImageAugmentation>> = {
  'randomAffine, constant': randomAffine(far),
  'randomAffine, reflect': randomAffine({ ...far, fill: 'reflect' }),
  'randomAffine, wrap': randomAffine({ ...far, fill: 'wrap' }),
  'randomAffine, edge, nearest': randomAffine({ ...far, fill: 'edge', interpolation: 'nearest' }),
  elasticDeformation: elasticDeformation({ alpha: [0, 1e5], sigma: 0.1, fill: 'wrap' }),
  randomBrightness: randomBrightness({ change: 1 }),
  randomContrast: randomContrast({ factor: [0, 100] }),
  randomGamma: randomGamma({ gamma: [0.01, 100] }),
  gaussianNoise: gaussianNoise({ standardDeviation: [0, 1] }),
  gaussianBlur: gaussianBlur({ sigma: [0, 20] }),
  randomSharpening: randomSharpening({ amount: [0, 1000], sigma: 0 }),
  randomErasing: randomErasing({ probability: 1, area: [0, 1], aspect: [0.01, 1000] }),
  histogramEqualization: histogramEqualization(),
  clahe: clahe({ tiles: 5, clipLimit: [0.01, 300] }),
  windowJitter: windowJitter({ low: [0, 60], high: [60, 100] }),
};
const SHAPES = [
  [1, 1, 1],
  [1, 9, 1],
  [9, 1, 3],
  [2, 2, 1],
  [31, 17, 1],
] as const;

it.each(Object.entries(EXTREMES))(
  '%s stays in range, on images of any shape and of one level',
  (_, augmentation) => {
    for (const [height, width, channels] of SHAPES) {
      for (let epoch = 0; epoch < 12; epoch++) {
        const parameters = augmentation.draw('image', { seed: 1, epoch });
        const levelOf =
          epoch % 3 === 0 ? () => 255 * (epoch % 2) : (at: number) => (at * 97 + epoch * 31) % 256;
        const bytes = Uint8Array.from({ length: height * width * channels }, (__, at) => levelOf(at));
        for (const [pixels, white] of [
          [bytes, 255],
          [Float32Array.from(bytes, (level) => level / 255), 1],
        ] as const) {
          const changed = augmentation.apply({ pixels, height, width, channels }, parameters);
          expect(changed.constructor).toBe(pixels.constructor);
          expect(changed).toHaveLength(pixels.length);
          expect(changed.every((value) => value >= 0 && value <= white)).toBe(true);
        }
      }
    }
  },
);

it.each(['edge', 'reflect', 'wrap'] as const)(
  'randomAffine finds nothing but the image outside: %s',
  (fill) => {
    const augmentation = randomAffine({ ...far, zoom: [0.05, 20], fill });
    const pixels = new Uint8Array(23 * 19).fill(201);
    for (let epoch = 0; epoch < 50; epoch++) {
      const image = { pixels, height: 23, width: 19, channels: 1 };
      expect(new Set(augmentation.augmentPixels(image, 'image', { seed: 3, epoch }))).toEqual(new Set([201]));
    }
  },
);
