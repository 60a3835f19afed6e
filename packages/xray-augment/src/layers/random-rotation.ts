import type { Random } from 'xray-core';
import { type AffineMatrix, affineMatrix } from '../geometry/affine-matrix.js';
import { type Factor, readFactor } from './keras-config.js';
import { RandomAffineLayer, type RandomAffineLayerConfig } from './random-affine-layer.js';

/** Config of `RandomRotation`. */
export interface RandomRotationConfig extends RandomAffineLayerConfig {
  /** Shares of a whole turn; positive turns counter-clockwise. One number stands for both sides. */
  factor: Factor;
}

/**
 * Rotates images about their centre while training, as Keras's layer of this name does on TensorFlow.
 *
 * @throws {InvalidArgumentError} If a field of the config is out of range.
 *
 * @see https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_rotation
 */
export class RandomRotation extends RandomAffineLayer {
  /** @nocollapse */
  static readonly className = 'RandomRotation';
  private readonly factor: readonly [low: number, high: number];

  constructor(config: RandomRotationConfig) {
    super(config);
    this.factor = readFactor(this.name, 'factor', config.factor, -1, 1);
  }

  protected override drawMatrix(random: Random, height: number, width: number): AffineMatrix {
    const rotation = 360 * random.uniform(...this.factor);
    const rest = { shear: 0, zoom: 1, translationX: 0, translationY: 0, flipped: false };
    return affineMatrix({ rotation, ...rest }, height, width);
  }

  /** The options, as Keras saves them. */
  override getConfig() {
    return { ...super.getConfig(), factor: [...this.factor] };
  }
}
