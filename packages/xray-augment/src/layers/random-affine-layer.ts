import type * as tf from '@tensorflow/tfjs-core';
import type { Random } from 'xray-core';
import type { AffineMatrix } from '../geometry/affine-matrix.js';
import { gatherTaps } from './gather-taps.js';
import { oneOf } from './keras-config.js';
import {
  KERAS_FILL_MODES,
  KERAS_INTERPOLATIONS,
  type KerasFillMode,
  type KerasInterpolation,
  type Projection,
  projectTaps,
} from './project-taps.js';
import { RandomImageLayer, type RandomImageLayerConfig } from './random-image-layer.js';

/** What every layer here takes that warps images. */
export interface RandomAffineLayerConfig extends RandomImageLayerConfig {
  /** What lies outside. @default 'reflect' */
  fillMode?: KerasFillMode | undefined;
  /** @default 'bilinear' */
  interpolation?: KerasInterpolation | undefined;
  /** Value outside, for `constant`, in the range of the images. @default 0 */
  fillValue?: number | undefined;
}

/** A random layer that warps each image by an affine matrix. */
export abstract class RandomAffineLayer extends RandomImageLayer {
  private readonly projection: Projection;

  constructor(config: RandomAffineLayerConfig) {
    super(config);
    const { fillMode = 'reflect', interpolation = 'bilinear', fillValue = 0 } = config;
    this.projection = {
      fillMode: oneOf(this.name, 'fillMode', fillMode, KERAS_FILL_MODES),
      interpolation: oneOf(this.name, 'interpolation', interpolation, KERAS_INTERPOLATIONS),
      fillValue,
    };
  }

  /** From output to input places, of one image. */
  protected abstract drawMatrix(random: Random, height: number, width: number): AffineMatrix;

  protected override augment(images: tf.Tensor4D, random: readonly Random[]): tf.Tensor4D {
    const [, height, width] = images.shape;
    const matrices = random.map((each) => this.drawMatrix(each, height, width));
    return gatherTaps(images, projectTaps(matrices, height, width, this.projection));
  }

  override getConfig() {
    return { ...super.getConfig(), ...this.projection };
  }
}
