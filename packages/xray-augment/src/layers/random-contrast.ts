import * as tf from '@tensorflow/tfjs-core';
import type { Random } from 'xray-core';
import { type Factor, readFactor, readRange } from './keras-config.js';
import { RandomImageLayer, type RandomImageLayerConfig } from './random-image-layer.js';

/** Config of `RandomContrast`. */
export interface RandomContrastConfig extends RandomImageLayerConfig {
  /** `[lower, upper]`: factors are drawn from `[1 - lower, 1 + upper]`. One number stands for both. */
  factor: Factor;
  /** What values are cut off at. @default [0, 255] */
  valueRange?: readonly number[] | undefined;
}

/**
 * Stretches or flattens each channel about its mean while training, `mean + factor (v - mean)`, and cuts off what leaves
 * the range, as Keras's layer of this name does.
 *
 * One number for `factor` means the same in Keras 2; Keras 3 takes it for `[0, factor]`, and saves it as that.
 *
 * @throws {InvalidArgumentError} If a field of the config is out of range.
 *
 * @see https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_contrast
 */
export class RandomContrast extends RandomImageLayer {
  /** @nocollapse */
  static readonly className = 'RandomContrast';
  private readonly factor: readonly [lower: number, upper: number];
  private readonly valueRange: readonly [low: number, high: number];

  constructor(config: RandomContrastConfig) {
    super(config);
    const { factor, valueRange = [0, 255] } = config;
    readFactor(this.name, 'factor', factor, -1, 1);
    this.factor = typeof factor === 'number' ? [factor, factor] : [factor[0], factor[1]];
    this.valueRange = readRange(this.name, 'valueRange', valueRange);
  }

  protected override augment(images: tf.Tensor4D, random: readonly Random[]): tf.Tensor4D {
    const [lower, upper] = this.factor;
    const drawn = random.map((each) => each.uniform(1 - lower, 1 + upper));
    const factors = tf.tensor4d(drawn, [drawn.length, 1, 1, 1]);
    const means = tf.mean(images, [1, 2], true);
    const changed = tf.add(tf.mul(tf.sub(images, means), factors), means);
    return tf.clipByValue(changed, ...this.valueRange) as tf.Tensor4D;
  }

  /** The options, as Keras saves them. */
  override getConfig() {
    const [low, high] = this.valueRange;
    const valueRange = low === 0 && high === 255 ? {} : { valueRange: [low, high] }; // Keras 2 does not know it
    return { ...super.getConfig(), factor: [...this.factor], ...valueRange };
  }
}
