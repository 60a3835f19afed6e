import type { Random } from 'xray-core';
import type { AffineMatrix } from '../geometry/affine-matrix.js';
import { type Factor, readFactor } from './keras-config.js';
import { RandomAffineLayer, type RandomAffineLayerConfig } from './random-affine-layer.js';

/** Config of `RandomZoom`. */
export interface RandomZoomConfig extends RandomAffineLayerConfig {
  /** By how much more of the height is seen, above -1: 0.2 makes things smaller, -0.2 larger. One number stands for both sides. */
  heightFactor: Factor;
  /** The same for the width. @default the same draw as the height's: the aspect ratio stays */
  widthFactor?: Factor | null | undefined;
}

/**
 * Zooms images about their centre while training, as Keras's layer of this name does on TensorFlow.
 *
 * @throws {InvalidArgumentError} If a field of the config is out of range.
 *
 * @see https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_zoom
 */
export class RandomZoom extends RandomAffineLayer {
  /** @nocollapse */
  static readonly className = 'RandomZoom';
  private readonly heightFactor: readonly [low: number, high: number];
  private readonly widthFactor: readonly [low: number, high: number] | null;

  constructor(config: RandomZoomConfig) {
    super(config);
    const { heightFactor, widthFactor } = config;
    this.heightFactor = readFactor(this.name, 'heightFactor', heightFactor, -1, 1);
    this.widthFactor =
      widthFactor === undefined || widthFactor === null
        ? null
        : readFactor(this.name, 'widthFactor', widthFactor, -1, 1);
  }

  protected override drawMatrix(random: Random, height: number, width: number): AffineMatrix {
    const vertical = 1 + random.uniform(...this.heightFactor);
    const horizontal = this.widthFactor ? 1 + random.uniform(...this.widthFactor) : vertical;
    const fromX = ((width - 1) / 2) * (1 - horizontal);
    const fromY = ((height - 1) / 2) * (1 - vertical);
    return [horizontal, 0, fromX, 0, vertical, fromY];
  }

  /** The options, as Keras saves them. */
  override getConfig() {
    const widthFactor = this.widthFactor && [...this.widthFactor];
    return { ...super.getConfig(), heightFactor: [...this.heightFactor], widthFactor };
  }
}
