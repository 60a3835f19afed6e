import * as tf from '@tensorflow/tfjs-core';
import type { Random } from 'xray-core';
import { type Factor, readFactor, readRange } from './keras-config.js';
import { RandomImageLayer, type RandomImageLayerConfig } from './random-image-layer.js';

/** Config of `RandomBrightness`. */
export interface RandomBrightnessConfig extends RandomImageLayerConfig {
  /** Shares of the value range that are added. One number stands for both sides. */
  factor: Factor;
  /** Black and white; values are cut off there. @default [0, 255] */
  valueRange?: readonly number[] | undefined;
}

/**
 * Adds the same amount to all pixels of an image while training and cuts off what leaves the range, as Keras's layer of
 * this name does.
 *
 * @throws {InvalidArgumentError} If a field of the config is out of range.
 *
 * @see https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_brightness
 */
export class RandomBrightness extends RandomImageLayer {
  /** @nocollapse */
  static readonly className = 'RandomBrightness';
  private readonly factor: readonly [low: number, high: number];
  private readonly valueRange: readonly [low: number, high: number];

  constructor(config: RandomBrightnessConfig) {
    super(config);
    const { factor, valueRange = [0, 255] } = config;
    this.factor = readFactor(this.name, 'factor', factor, -1, 1);
    this.valueRange = readRange(this.name, 'valueRange', valueRange);
  }

  protected override augment(images: tf.Tensor4D, random: readonly Random[]): tf.Tensor4D {
    const [low, high] = this.valueRange;
    const drawn = random.map((each) => each.uniform(...this.factor) * (high - low));
    const changed = tf.add(images, tf.tensor4d(drawn, [drawn.length, 1, 1, 1]));
    return tf.clipByValue(changed, low, high) as tf.Tensor4D;
  }

  /** The options, as Keras saves them. */
  override getConfig() {
    return { ...super.getConfig(), factor: [...this.factor], valueRange: [...this.valueRange] };
  }
}
