import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Augmentation, Batch } from 'xray-core';
import {
  chestXray,
  clahe,
  composeAugmentations,
  cutmix,
  elasticDeformation,
  gaussianBlur,
  gaussianNoise,
  histogramEqualization,
  horizontalFlip,
  type ImageAugmentation,
  jpegArtifacts,
  mixup,
  randomAffine,
  randomBrightness,
  randomContrast,
  randomErasing,
  randomGamma,
  randomSharpening,
  referenceStudy,
  rescaleIntensity,
  resolutionLoss,
  robust,
  strong,
  windowJitter,
} from './index.js';
import { augmentationChecks } from './testing/index.js';

/** Every augmentation of single images. Those that always do the same are drawn for half of the images. */
const IMAGE_AUGMENTATIONS: Readonly<Record<string, ImageAugmentation>> = {
  randomAffine: randomAffine({
    rotation: 20,
    translation: 0.2,
    zoom: [0.8, 1.2],
    stretch: [0.9, 1.3],
    shear: 10,
    flip: 0.5,
  }),
  horizontalFlip: horizontalFlip(),
  randomBrightness: randomBrightness({ change: 0.3 }),
  randomContrast: randomContrast({ factor: [0.5, 2] }),
  randomGamma: randomGamma({ gamma: [0.5, 2] }),
  gaussianNoise: gaussianNoise({ standardDeviation: [0.01, 0.2] }),
  gaussianBlur: gaussianBlur({ sigma: [0.3, 2] }),
  randomSharpening: randomSharpening({ amount: [0.1, 2] }),
  randomErasing: randomErasing(),
  elasticDeformation: elasticDeformation({ alpha: [5, 20], sigma: 3 }),
  histogramEqualization: histogramEqualization({ probability: 0.5 }),
  clahe: clahe({ tiles: 1, clipLimit: [4, 60] }),
  windowJitter: windowJitter(),
  rescaleIntensity: rescaleIntensity({ probability: 0.5 }),
  jpegArtifacts: jpegArtifacts({ quality: [5, 90] }),
  resolutionLoss: resolutionLoss({ factor: [1.2, 4] }),
  composed: composeAugmentations([horizontalFlip(), randomGamma({ gamma: [0.5, 2] })]),
  referenceStudy: referenceStudy(),
  chestXray: chestXray(),
  strong: strong(),
  robust: robust(),
};
const MIXING: Readonly<Record<string, Augmentation>> = { mixup: mixup(), cutmix: cutmix() };

describe.each(Object.entries(IMAGE_AUGMENTATIONS))('%s', (name, augmentation) => {
  it.each(augmentationChecks)('$name', ({ check }) => check(augmentation));

  it('does to 8-bit pixels what it does to a batch, and can be replayed from its draws', () => {
    const [height, width] = [18, 14];
    const ids = Array.from({ length: 12 }, (__, index) => `image-${index}`);
    // 8-bit levels: float32 values in between would be rounded before a histogram is made.
    const levels = Uint8Array.from({ length: ids.length * height * width }, (__, at) => (at * 7919) % 256);
    const images = tf.tensor4d(
      Float32Array.from(levels, (level) => level / 255),
      [ids.length, height, width, 1],
    );
    const labels = tf.ones([ids.length, 1]) as tf.Tensor2D;
    const draw = { seed: 3, epoch: 5 };
    const result = augmentation({ images, labels, ids }, draw);
    const values = result.images.dataSync();
    const size = height * width;
    ids.forEach((id, place) => {
      const pixels = levels.slice(place * size, (place + 1) * size);
      const image = { pixels, height, width, channels: 1 };
      const bytes = augmentation.augmentPixels(image, id, draw);
      const replayed = augmentation.apply(image, JSON.parse(JSON.stringify(augmentation.draw(id, draw))));
      expect(Array.from(replayed)).toEqual(Array.from(bytes));
      expect(Array.from(pixels)).toEqual(Array.from(levels.slice(place * size, (place + 1) * size)));
      const differences = Array.from(bytes, (level, at) =>
        Math.abs(level / 255 - values[place * size + at]!),
      );
      // Every stage rounds to a level, and a later one may stretch that; an unsharp mask of 1.5 behind six stages most.
      const levelsApart = name === 'robust' ? 5.1 : 3.1;
      const close = differences.filter((difference) => difference < levelsApart / 255).length;
      expect(close / size).toBeGreaterThan(0.98);
    });
    tf.dispose([images, labels, result.images, result.labels]);
  });
});

/** Those whose change of a channel does not depend on the other ones, and is the same for all. */
const BY_CHANNEL: readonly string[] = Object.keys(IMAGE_AUGMENTATIONS).filter(
  (name) =>
    !['gaussianNoise', 'randomErasing', 'windowJitter', 'rescaleIntensity', 'strong', 'robust'].includes(
      name,
    ),
);

it.each(BY_CHANNEL)('%s does to each channel of a colour image what it does to a gray one', (name) => {
  const augmentation = IMAGE_AUGMENTATIONS[name]!;
  const [height, width] = [13, 17];
  const planes = [7919, 104729, 1299709].map((step) =>
    Uint8Array.from({ length: height * width }, (__, at) => (at * step) % 256),
  );
  for (const toType of [
    (levels: Uint8Array) => levels,
    (levels: Uint8Array) => Float32Array.from(levels, (level) => level / 255),
  ]) {
    for (let epoch = 0; epoch < 4; epoch++) {
      const parameters = augmentation.draw('image', { seed: 2, epoch });
      const change = (levels: Uint8Array, channels: number) =>
        augmentation.apply({ pixels: toType(levels), height, width, channels }, parameters);
      const colour = change(
        Uint8Array.from({ length: 3 * height * width }, (__, at) => planes[at % 3]![Math.floor(at / 3)]!),
        3,
      );
      const gray = planes.map((plane) => change(plane, 1));
      const largest = Math.max(
        ...colour.map((value, at) => Math.abs(value - gray[at % 3]![Math.floor(at / 3)]!)),
      );
      expect(largest).toBeLessThan(1e-6);
    }
  }
});

describe.each(Object.entries(MIXING))('%s', (_, augmentation) => {
  const ownChecks = augmentationChecks.filter(
    ({ name }) => name !== 'treats a sample alike in any batch and at any place',
  );
  it.each(ownChecks)('$name', ({ check }) => check(augmentation));

  it('mixes labels by what it mixes of the images, whatever the order of the batch', () => {
    tf.tidy(() => {
      // Images of one level each, so that a pixel tells which image it comes from.
      const count = 10;
      const ids = Array.from({ length: count }, (__, index) => `image-${index}`);
      const batchOf = (order: readonly number[]): Batch => ({
        images: tf.tensor4d(
          order.flatMap((index) => new Array<number>(64).fill(index / count)),
          [count, 8, 8, 1],
        ),
        labels: tf.tensor2d(order.map((index) => ids.map((__, at) => Number(at === index)))),
        ids: order.map((index) => ids[index]!),
      });
      const draw = { seed: 9, epoch: 1 };
      const inOrder = ids.map((__, index) => index);
      const result = augmentation(batchOf(inOrder), draw);
      const labels = result.labels.arraySync();
      const means = tf.mean(result.images, [1, 2, 3]).arraySync() as number[];
      labels.forEach((row, index) => {
        const expected = row.reduce((sum, share, at) => sum + (share * at) / count, 0);
        expect(means[index]).toBeCloseTo(expected, 5);
      });
      expect(labels.some((row) => row.filter((share) => share > 0.01).length === 2)).toBe(true);
      const turned = augmentation(batchOf(inOrder.toReversed()), draw).labels.arraySync();
      expect(turned.toReversed()).toEqual(labels);
    });
  });
});

describe('options out of range', () => {
  it.each([
    [() => randomAffine({ rotation: 200 }), '`rotation` must be a number in [0, 180]'],
    [() => randomAffine({ zoom: [1.2, 0.8] }), '`zoom` must be [low, high]'],
    [() => gaussianNoise({ standardDeviation: [0, 2] }), '`standardDeviation`'],
    [() => clahe({ tiles: 0 }), '`tiles` must be a whole number from 1 up'],
    [() => windowJitter({ low: [0, 60], high: [50, 100] }), '`high`'],
    [() => randomErasing({ probability: 2 }), '`probability` must be a share in [0, 1]'],
    [() => mixup({ alpha: 0 }), '`alpha`'],
    // What JavaScript lets through.
    [
      () => gaussianBlur({ sigma: 2 as never }),
      '`sigma` must be [low, high] with 0 <= low <= high <= 100. Received: 2.',
    ],
    [
      () => randomAffine({ fill: 'nearest' as never }),
      "`fill` must be 'constant' or 'edge' or 'reflect' or 'wrap'",
    ],
    [
      () => randomAffine({ interpolation: 'cubic' as never }),
      "`interpolation` must be 'bilinear' or 'nearest'",
    ],
    [
      () => elasticDeformation({ alpha: [1, 2], sigma: 2, fillValue: 255 }),
      '`fillValue` must be a share in [0, 1]',
    ],
  ])('%o', (create, message) => {
    expect(create).toThrow(message);
  });
});
