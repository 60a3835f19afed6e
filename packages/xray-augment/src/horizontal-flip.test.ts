import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { horizontalFlip } from './horizontal-flip.js';
import { augmentationChecks } from './testing/index.js';

describe('horizontalFlip', () => {
  for (const { name, check } of augmentationChecks) it(name, () => check(horizontalFlip()));

  it('mirrors columns, channels stay in place', () => {
    tf.tidy(() => {
      const images = tf.tensor4d([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [1, 1, 2, 3]);
      const batch = { images, labels: tf.tensor2d([[1, 0]]), ids: ['a'] };
      const flipped = horizontalFlip({ probability: 1 })(batch, { seed: 1, epoch: 0 });
      const kept = horizontalFlip({ probability: 0 })(batch, { seed: 1, epoch: 0 });

      expect(Array.from(flipped.images.dataSync())).toEqual(
        Array.from(Float32Array.of(0.4, 0.5, 0.6, 0.1, 0.2, 0.3)),
      );
      expect(Array.from(kept.images.dataSync())).toEqual(Array.from(images.dataSync()));
    });
  });

  it('mirrors the asked share of many images', () => {
    tf.tidy(() => {
      const count = 2000;
      const pixels = Float32Array.from({ length: count * 2 }, (_, index) => index % 2);
      const batch = {
        images: tf.tensor4d(pixels, [count, 1, 2, 1]),
        labels: tf.ones([count, 1]) as tf.Tensor2D,
        ids: Array.from({ length: count }, (_, index) => String(index)),
      };
      const { images } = horizontalFlip({ probability: 0.3 })(batch, { seed: 1, epoch: 0 });
      const flipped = images.dataSync().filter((value, index) => index % 2 === 0 && value === 1).length;

      expect(Math.abs(flipped / count - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / count));
    });
  });

  it('has two variants and tells which one a sample gets', () => {
    tf.tidy(() => {
      const ids = Array.from({ length: 40 }, (_, index) => `image-${index}`);
      const images = tf.randomUniform([40, 2, 3, 1], 0, 1, 'float32', 4) as tf.Tensor4D;
      const batch = { images, labels: tf.ones([40, 1]) as tf.Tensor2D, ids };
      const flip = horizontalFlip({ probability: 0.4 });
      const draw = { seed: 5, epoch: 3 };
      const augmented = flip(batch, draw).images.arraySync();
      const variants = flip.variants.map((change) => change(batch).images.arraySync());
      const chosen = ids.map((id) => flip.variantOf(id, draw));
      expect(new Set(chosen)).toEqual(new Set([0, 1]));
      expect(chosen.map((variant, place) => variants[variant]![place])).toEqual(augmented);
      expect(variants[0]).toEqual(images.arraySync());
    });
  });

  it('says which probability it needs', () => {
    expect(() => horizontalFlip({ probability: 1.5 })).toThrow(
      '`probability` must be a share in [0, 1]. Received: 1.5.',
    );
    expect(() => horizontalFlip({ probability: Number.NaN })).toThrow('Received: NaN.');
  });
});
