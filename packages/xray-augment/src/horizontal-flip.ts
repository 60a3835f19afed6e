import * as tf from '@tensorflow/tfjs-core';
import { type Augmentation, createRandom, InvalidArgumentError } from 'xray-core';

/** Options of `horizontalFlip`. */
export interface HorizontalFlipOptions {
  /** Share of images that are mirrored, in `[0, 1]`. @default 0.5 */
  probability?: number;
}

/**
 * Mirrors images left to right. It is the only augmentation of the reference study; mind that it puts the heart
 * on the other side, so it does not suit every question.
 *
 * @throws {InvalidArgumentError} If `probability` is outside `[0, 1]`.
 *
 * @example
 * const augment = horizontalFlip();
 * const flipped = augment(batch, { seed: 7, epoch: 0 });
 */
export function horizontalFlip(options: HorizontalFlipOptions = {}): Augmentation {
  const { probability = 0.5 } = options;
  if (!(probability >= 0 && probability <= 1)) {
    throw new InvalidArgumentError({
      argument: 'probability',
      expected: 'a share in [0, 1]',
      received: probability,
    });
  }

  return ({ images, labels, ids }, { seed, epoch }) => {
    const random = createRandom(seed);
    const flips = ids.map((id) => random.stream('horizontal-flip', epoch, id).uniform() < probability);
    return {
      // Image by image: cheaper on every backend than a mask as large as the batch.
      images: tf.tidy(() => {
        const parts = flips.map((isFlipped, place) => {
          const image = tf.slice(images, [place, 0, 0, 0], [1, -1, -1, -1]);
          return isFlipped ? tf.reverse(image, 2) : image;
        });
        return tf.concat(parts, 0);
      }),
      labels: tf.clone(labels),
      ids,
    };
  };
}
