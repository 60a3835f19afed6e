import * as tf from '@tensorflow/tfjs-core';
import type { Random } from 'xray-core';
import { oneOf } from './keras-config.js';
import { RandomImageLayer, type RandomImageLayerConfig } from './random-image-layer.js';

const MODES = ['horizontal', 'vertical', 'horizontalAndVertical'] as const;

/** Config of `RandomFlip`. */
export interface RandomFlipConfig extends RandomImageLayerConfig {
  /** `horizontal` swaps left and right, which puts the heart on the other side. @default 'horizontalAndVertical' */
  mode?: (typeof MODES)[number] | undefined;
}

/**
 * Mirrors half of the images in each direction while training, as Keras's layer of this name does. The two directions
 * are drawn independently, as in Keras 2; Keras 3 mirrors in both of them or in none.
 *
 * @throws {InvalidArgumentError} If `mode` is none of the three.
 *
 * @see https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_flip
 */
export class RandomFlip extends RandomImageLayer {
  /** @nocollapse */
  static readonly className = 'RandomFlip';
  private readonly mode: (typeof MODES)[number];

  constructor(config: RandomFlipConfig = {}) {
    super(config);
    this.mode = oneOf(this.name, 'mode', config.mode ?? 'horizontalAndVertical', MODES);
  }

  protected override augment(images: tf.Tensor4D, random: readonly Random[]): tf.Tensor4D {
    const axes = { horizontal: [2], vertical: [1], horizontalAndVertical: [2, 1] }[this.mode];
    return axes.reduce((flipped: tf.Tensor4D, axis) => {
      const chosen = random.map((each) => Number(each.uniform() < 0.5));
      const mask = tf.tensor4d(chosen, [chosen.length, 1, 1, 1], 'bool');
      return tf.where(mask, tf.reverse(flipped, axis), flipped) as tf.Tensor4D;
    }, tf.clone(images));
  }

  /** The options, as Keras saves them. */
  override getConfig() {
    return { ...super.getConfig(), mode: this.mode };
  }
}
