import * as tf from '@tensorflow/tfjs-core';
import { cropBox } from './aspect-box.js';
import { gatherTaps } from './gather-taps.js';
import { resizeTaps } from './resize-taps.js';
import { ResizedImageLayer } from './resized-image-layer.js';

/**
 * Cuts out the middle of images, while training and otherwise; images that are too small are resized to fill it. As
 * Keras's layer of this name does. It stands in for that of TensorFlow.js, which writes its size into the shape of the
 * model's input, and is a pixel off where one row or column is cut away.
 *
 * @throws {InvalidArgumentError} If `height` or `width` is no whole number from 1 up.
 *
 * @see https://keras.io/api/layers/preprocessing_layers/image_preprocessing/center_crop
 */
export class CenterCrop extends ResizedImageLayer {
  /** @nocollapse */
  static readonly className = 'CenterCrop';

  protected override transform(images: tf.Tensor4D): tf.Tensor4D {
    const [count, height, width, channels] = images.shape;
    const { target } = this;
    const [above, before] = [height - target.height, width - target.width];
    if (above >= 0 && before >= 0) {
      const start: [number, number, number, number] = [0, above >> 1, before >> 1, 0];
      return tf.slice(images, start, [count, target.height, target.width, channels]);
    }
    const box = cropBox({ height, width }, target);
    return gatherTaps(
      images,
      resizeTaps({
        ...{ height, width, images: count, box, target },
        ...{ interpolation: 'bilinear', fillValue: 0 },
      }),
    );
  }
}
