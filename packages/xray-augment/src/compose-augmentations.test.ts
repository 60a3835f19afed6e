import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it, vi } from 'vitest';
import type { Augmentation } from 'xray-core';
import { composeAugmentations } from './compose-augmentations.js';
import { horizontalFlip } from './horizontal-flip.js';
import { randomBrightness } from './intensity/random-brightness.js';
import { cutmix } from './mixing/cutmix.js';
import { mixup } from './mixing/mixup.js';
import { augmentationChecks } from './testing/index.js';

const batch = () => ({
  images: tf.tensor4d(
    Array.from({ length: 64 }, (_, index) => index / 64),
    [16, 1, 4, 1],
  ),
  labels: tf.ones([16, 1]) as tf.Tensor2D,
  ids: Array.from({ length: 16 }, (_, index) => `image-${index}`),
});

describe('composeAugmentations', () => {
  for (const { name, check } of augmentationChecks) {
    it(name, () => check(composeAugmentations([horizontalFlip(), horizontalFlip()])));
  }

  it('gives every stage a draw of its own', () => {
    tf.tidy(() => {
      const input = batch();
      const twice = composeAugmentations([horizontalFlip(), horizontalFlip()])(input, { seed: 1, epoch: 0 });
      // The same draw twice would undo itself for every image.
      expect(Array.from(twice.images.dataSync())).not.toEqual(Array.from(input.images.dataSync()));
    });
  });

  it('gives what its stages give one after the other, and reads the batch once', () => {
    tf.tidy(() => {
      const labels = tf.tensor2d(Array.from({ length: 16 }, (_, index) => [index % 2, (index + 1) % 2]));
      const input = { ...batch(), labels };
      const stages = [horizontalFlip(), mixup({ alpha: 1 }), randomBrightness({ change: 0.2 }), cutmix()];
      const drawn: { seed: number; epoch: number }[] = [];
      const spy: Augmentation = (given, draw) => {
        drawn.push(draw);
        return { ...given, images: tf.clone(given.images), labels: tf.clone(given.labels) };
      };
      composeAugmentations(stages.map(() => spy))(input, { seed: 1, epoch: 0 }); // what each stage is told to draw
      const alone = stages.reduce(
        (given: typeof input, stage: Augmentation, place) => stage(given, drawn[place]!) as typeof input,
        input,
      );
      const reads = vi.spyOn(tf.backend(), 'readSync');
      const composed = composeAugmentations(stages)(input, { seed: 1, epoch: 0 });
      expect(reads).toHaveBeenCalledTimes(2); // images and labels
      reads.mockRestore();
      expect(composed.images.arraySync()).toEqual(alone.images.arraySync());
      expect(composed.labels.arraySync()).toEqual(alone.labels.arraySync());
    });
  });

  it('copies the batch when there is nothing to do', () => {
    tf.tidy(() => {
      const input = batch();
      const output = composeAugmentations([])(input, { seed: 1, epoch: 0 });
      expect(output.images).not.toBe(input.images);
      expect(Array.from(output.images.dataSync())).toEqual(Array.from(input.images.dataSync()));
    });
  });

  it('leaks nothing when a stage throws', () => {
    const broken: Augmentation = () => {
      throw new Error('broken stage');
    };
    const input = batch();
    const before = tf.memory().numTensors;
    const compose = composeAugmentations([horizontalFlip(), broken]);

    expect(() => compose(input, { seed: 1, epoch: 0 })).toThrow('broken stage');
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([input.images, input.labels]);
  });
});
