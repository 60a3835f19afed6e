import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createAugmentation } from './create-augmentation.js';
import { composeAugmentations, horizontalFlip, mixup, randomBrightness } from './index.js';

describe('createAugmentation', () => {
  it('changes the asked share of images', () => {
    const half = createAugmentation({ ...{ kind: 'half', probability: 0.3 }, draw: () => ({}), apply: copy });
    const count = 2000;
    const changed = Array.from({ length: count }, (_, id) => half.draw(String(id), { seed: 2, epoch: 0 }));
    const share = changed.filter((parameters) => parameters !== null).length / count;
    expect(Math.abs(share - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / count));
  });

  it('says so when `apply` gives another number of values', () => {
    const crop = createAugmentation({
      kind: 'crop',
      draw: () => ({}),
      apply: ({ pixels }) => pixels.slice(1),
    });
    const image = { pixels: new Uint8Array(12), height: 3, width: 4, channels: 1 };
    const message = '`apply of crop` must be a function that gives as many values as it is given (12)';
    expect(() => crop.augmentPixels(image, 'a', { seed: 1, epoch: 0 })).toThrow(message);
  });
});

const copy = ({ pixels }: { pixels: Uint8Array | Float32Array }) => pixels.slice();

describe('batches with too few ids', () => {
  it.each([
    ['of one image each', randomBrightness({ change: 0.2 })],
    ['by ops', horizontalFlip()],
    ['of variants', horizontalFlip().variants[1]!],
    ['of several images', mixup()],
    ['in a list', composeAugmentations([mixup(), horizontalFlip()])],
  ])('are refused: %s', (_, augmentation) => {
    const [images, labels] = [tf.ones<tf.Rank.R4>([2, 3, 3, 1]), tf.ones<tf.Rank.R2>([2, 2])];
    const before = tf.memory().numTensors;
    expect(() => augmentation({ images, labels, ids: ['a'] }, { seed: 1, epoch: 0 })).toThrow(
      '`batch.ids` must be one id for each of the 2 images. Received: ["a"].',
    );
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([images, labels]);
  });
});
