import type { Random } from 'xray-core';
import type { AffineMatrix } from '../geometry/affine-matrix.js';
import { type Factor, readFactor } from './keras-config.js';
import { RandomAffineLayer, type RandomAffineLayerConfig } from './random-affine-layer.js';

/** Config of `RandomTranslation`. */
export interface RandomTranslationConfig extends RandomAffineLayerConfig {
  /** Shares of the height; positive moves the image down. One number stands for both sides. */
  heightFactor: Factor;
  /** Shares of the width; positive moves the image to the right. */
  widthFactor: Factor;
}

/**
 * Shifts images while training, as Keras's layer of this name does on TensorFlow.
 *
 * @throws {InvalidArgumentError} If a field of the config is out of range.
 *
 * @see https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_translation
 */
export class RandomTranslation extends RandomAffineLayer {
  /** @nocollapse */
  static readonly className = 'RandomTranslation';
  private readonly heightFactor: readonly [low: number, high: number];
  private readonly widthFactor: readonly [low: number, high: number];

  constructor(config: RandomTranslationConfig) {
    super(config);
    this.heightFactor = readFactor(this.name, 'heightFactor', config.heightFactor, -1, 1);
    this.widthFactor = readFactor(this.name, 'widthFactor', config.widthFactor, -1, 1);
  }

  protected override drawMatrix(random: Random, height: number, width: number): AffineMatrix {
    const down = random.uniform(...this.heightFactor) * height;
    const right = random.uniform(...this.widthFactor) * width;
    return [1, 0, -right, 0, 1, -down];
  }

  /** The options, as Keras saves them. */
  override getConfig() {
    const { heightFactor, widthFactor } = this;
    return { ...super.getConfig(), heightFactor: [...heightFactor], widthFactor: [...widthFactor] };
  }
}
