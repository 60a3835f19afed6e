import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
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
