import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { cutmix, type MixingAugmentation, mixup } from '../index.js';

const SIZE = 6;
const draw = { seed: 4, epoch: 2 };

/** Images of one level each, labels that name the id. */
function batchOf(ids: readonly string[], levels: Readonly<Record<string, number>>) {
  const names = Object.keys(levels);
  return {
    images: tf.tensor4d(
      ids.flatMap((id) => new Array<number>(SIZE * SIZE).fill(levels[id]!)),
      [ids.length, SIZE, SIZE, 1],
    ),
    labels: tf.tensor2d(ids.map((id) => names.map((name) => Number(name === id)))),
    ids,
  };
}
const LEVELS = { a: 0, b: 0.25, c: 0.5, d: 1 };
const images = (batch: { images: tf.Tensor4D }) => batch.images.arraySync();

const MIXING: readonly [name: string, MixingAugmentation][] = [
  ['mixup', mixup({ alpha: 1 })],
  ['cutmix', cutmix({ alpha: 1 })],
];

describe.each(MIXING)('%s', (_, augmentation) => {
  it('can be replayed from its draws', () => {
    tf.tidy(() => {
      const batch = batchOf(Object.keys(LEVELS), LEVELS);
      const mixes = JSON.parse(JSON.stringify(augmentation.draw(batch.ids, draw)));
      const replayed = augmentation.apply(batch, mixes);
      const augmented = augmentation(batch, draw);
      expect(mixes).toHaveLength(4);
      expect(images(replayed)).toEqual(images(augmented));
      expect(replayed.labels.arraySync()).toEqual(augmented.labels.arraySync());
    });
  });

  it('treats images that are in a batch more than once alike', () => {
    tf.tidy(() => {
      const once = augmentation(batchOf(['a', 'b', 'c'], LEVELS), draw);
      const twice = augmentation(batchOf(['a', 'b', 'a', 'c', 'a'], LEVELS), draw);
      const places = [0, 1, 0, 2, 0];
      const expected = images(once);
      expect(images(twice)).toEqual(places.map((place) => expected[place]));
      const labels = once.labels.arraySync();
      expect(twice.labels.arraySync()).toEqual(places.map((place) => labels[place]));
    });
  });

  it('leaves an image alone that is the only one', () => {
    tf.tidy(() => {
      const batch = batchOf(['d', 'd'], LEVELS);
      expect(images(augmentation(batch, draw))).toEqual(images(batch));
      expect(augmentation.draw(batch.ids, draw)).toEqual([]);
    });
  });

  it('names an image of a draw that is not in the batch', () => {
    const mixes = augmentation.draw(['a', 'b'], draw);
    const batch = batchOf(['a', 'c'], LEVELS);
    expect(() => augmentation.apply(batch, mixes)).toThrow(/`mixes` must be .* images of the batch.*"b"/);
    tf.dispose([batch.images, batch.labels]);
  });
});

/** An image that is mixed and its partner, of random pixels, and what was drawn for it. */
function pairOf<Parameters>(augmentation: MixingAugmentation<Parameters>, epoch: number) {
  const random = createRandom(8);
  const [height, width] = [30, 40];
  const pixels = Float32Array.from({ length: 2 * height * width }, () => random.uniform());
  const batch = {
    ...{ pixels, imageShape: [2, height, width, 1] as const },
    ...{ labels: Float32Array.of(1, 0, 0, 1), ids: ['a', 'b'] },
  };
  const how = { seed: 6, epoch };
  const after = augmentation.augmentArrays(batch, how);
  const size = height * width;
  return {
    ...{ height, width, parameters: augmentation.draw(batch.ids, how)[0]!.parameters },
    ...{ own: pixels.slice(0, size), partner: pixels.slice(size), mixed: after.pixels.slice(0, size) },
    label: Array.from(after.labels.slice(0, 2)),
  };
}

it('mixup blends image and label as its paper says', () => {
  for (let epoch = 0; epoch < 20; epoch++) {
    const { own, partner, mixed, label, parameters } = pairOf(mixup({ alpha: 1 }), epoch);
    const { share } = parameters;
    const wrong = mixed.filter(
      (value, at) => Math.abs(value - (share * own[at]! + (1 - share) * partner[at]!)) > 1e-6,
    );
    expect(wrong).toHaveLength(0);
    expect(label[0]).toBeCloseTo(share, 6);
    expect(label[1]).toBeCloseTo(1 - share, 6);
  }
});

it('cutmix puts in one rectangle, of the size that its paper says, and mixes the label by its area', () => {
  for (let epoch = 0; epoch < 50; epoch++) {
    const { own, partner, mixed, label, height, width, parameters } = pairOf(cutmix(), epoch);
    const taken = Array.from(mixed.keys()).filter((at) => mixed[at] !== own[at]);
    expect(taken.every((at) => mixed[at] === partner[at])).toBe(true);
    expect(label[1]).toBeCloseTo(taken.length / (height * width), 6);
    expect(label[0]! + label[1]!).toBeCloseTo(1, 6);
    // Sides of sqrt(1 - share) about the drawn centre, cut off at the borders.
    const side = Math.sqrt(1 - parameters.share);
    const lengthOf = (centre: number, size: number) =>
      (Math.min(1, centre + side / 2) - Math.max(0, centre - side / 2)) * size;
    const rows = new Set(taken.map((at) => Math.floor(at / width))).size;
    const columns = new Set(taken.map((at) => at % width)).size;
    expect(rows * columns).toBe(taken.length);
    if (taken.length === 0) continue; // thinner than a pixel
    expect(Math.abs(rows - lengthOf(parameters.centreY, height))).toBeLessThanOrEqual(1);
    expect(Math.abs(columns - lengthOf(parameters.centreX, width))).toBeLessThanOrEqual(1);
  }
});
