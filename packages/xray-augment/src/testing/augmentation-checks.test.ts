import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type Augmentation, createRandom } from 'xray-core';
import { augmentationChecks } from './augmentation-checks.js';

const brightness =
  (
    factorOf: (
      batch: Parameters<Augmentation>[0],
      draw: Parameters<Augmentation>[1],
      index: number,
    ) => number,
  ): Augmentation =>
  (batch, draw) => ({
    images: tf.tidy(() =>
      tf.mul(
        batch.images,
        tf.tensor4d(
          batch.ids.map((_, index) => factorOf(batch, draw, index)),
          [batch.ids.length, 1, 1, 1],
        ),
      ),
    ),
    labels: tf.clone(batch.labels),
    ids: batch.ids,
  });

const good = brightness(({ ids }, { seed, epoch }, index) =>
  createRandom(seed).stream(epoch, ids[index]!).uniform(),
);
const broken: Record<string, Augmentation> = {
  'keeps shapes, types, ids and the range [0, 1]': brightness(() => 3),
  'leaves the given batch as it was': (batch, draw) => {
    (batch.ids as string[]).reverse();
    return good(batch, draw);
  },
  'gives new tensors and leaks none': (batch, draw) => {
    tf.scalar(1);
    return good(batch, draw);
  },
  'repeats itself for the same seed and epoch': (() => {
    let calls = 0;
    return brightness(() => 1 / ++calls);
  })(),
  'draws anew for another seed or epoch': brightness(() => 0.5),
  'treats a sample alike in any batch and at any place': brightness(({ ids }, { seed, epoch }, index) =>
    createRandom(seed).stream(epoch, index, ids.length).uniform(),
  ),
};

describe('augmentationChecks', () => {
  it.each(augmentationChecks)(
    '"$name" passes a good augmentation and catches a broken one',
    ({ name, check }) => {
      expect(() => check(good)).not.toThrow();
      expect(() => check(broken[name]!)).toThrow(/expected .*, received .*/);
    },
  );
});
