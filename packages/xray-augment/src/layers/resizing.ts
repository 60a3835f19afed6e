import type * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from 'xray-core';
import { cropBox, padBox } from './aspect-box.js';
import { gatherTaps } from './gather-taps.js';
import { oneOf } from './keras-config.js';
import { KERAS_INTERPOLATIONS, type KerasInterpolation } from './project-taps.js';
import { resizeTaps } from './resize-taps.js';
import { ResizedImageLayer, type ResizedImageLayerConfig } from './resized-image-layer.js';

/** Config of `Resizing`. */
export interface ResizingConfig extends ResizedImageLayerConfig {
  /** Keras's other methods are refused. @default 'bilinear' */
  interpolation?: KerasInterpolation | undefined;
  /** Cuts off what is too long instead of changing the aspect ratio. @default false */
  cropToAspectRatio?: boolean | undefined;
  /** Pads what is too short instead. @default false */
  padToAspectRatio?: boolean | undefined;
  /** Of the padding. @default 'constant' */
  fillMode?: 'constant' | undefined;
  /** Of the padding. @default 0 */
  fillValue?: number | undefined;
  /** Refused if true. @default false */
  antialias?: boolean | undefined;
}

/**
 * Resizes images, while training and otherwise, as Keras's layer of this name does on TensorFlow. It stands in for that
 * of TensorFlow.js, which says it gives three dimensions, so that no convolution fits behind it, and places pixels elsewhere
 * than Keras.
 *
 * @throws {InvalidArgumentError} If a field of the config is out of range or a method is not there.
 *
 * @see https://keras.io/api/layers/preprocessing_layers/image_preprocessing/resizing
 */
export class Resizing extends ResizedImageLayer {
  /** @nocollapse */
  static readonly className = 'Resizing';
  private readonly interpolation: KerasInterpolation;
  private readonly fit: 'fill' | 'crop' | 'pad';
  private readonly fillValue: number;

  constructor(config: ResizingConfig) {
    super(config);
    const { interpolation = 'bilinear', cropToAspectRatio, padToAspectRatio, antialias } = config;
    if (antialias || (cropToAspectRatio && padToAspectRatio)) {
      throw new InvalidArgumentError({
        argument: `config of ${this.name}`,
        expected: 'without `antialias`, and with one of `cropToAspectRatio` and `padToAspectRatio` at most',
        received: { antialias, cropToAspectRatio, padToAspectRatio },
      });
    }
    oneOf(this.name, 'fillMode', config.fillMode ?? 'constant', ['constant']);
    this.interpolation = oneOf(this.name, 'interpolation', interpolation, KERAS_INTERPOLATIONS);
    this.fit = cropToAspectRatio ? 'crop' : padToAspectRatio ? 'pad' : 'fill';
    this.fillValue = config.fillValue ?? 0;
  }

  protected override transform(images: tf.Tensor4D): tf.Tensor4D {
    const [count, height, width] = images.shape;
    const { target, interpolation, fillValue, fit } = this;
    const whole = { top: 0, left: 0, height, width };
    const box = fit === 'fill' ? whole : (fit === 'crop' ? cropBox : padBox)({ height, width }, target);
    return gatherTaps(
      images,
      resizeTaps({ height, width, images: count, box, target, interpolation, fillValue }),
    );
  }

  /** The options, as Keras saves them. */
  override getConfig() {
    const { interpolation, fit, fillValue } = this;
    const padding = fit === 'pad' ? { padToAspectRatio: true, fillValue } : {}; // Keras 2 does not know it
    return { ...super.getConfig(), interpolation, cropToAspectRatio: fit === 'crop', ...padding };
  }
}
