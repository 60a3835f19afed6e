import * as tf from '@tensorflow/tfjs-core';

/** Which input pixels an output pixel is made of, and how much of each. */
export interface Taps {
  /** Pixels of the output; those of all images of the batch one after the other. */
  readonly height: number;
  readonly width: number;
  /** For each tap `[batch * height * width]`, places among the input's pixels, those of all images in a row. */
  readonly places: readonly Int32Array[];
  /** For each tap, its share. */
  readonly shares: readonly Float32Array[];
  /** What is added to all channels of an output pixel, for example of a constant outside; none if absent. */
  readonly added?: Float32Array | undefined;
}

/**
 * Makes images of weighted pixels of other images, by kernels that every backend has (`GatherV2`, and `ScatterNd` for
 * the gradient), and lets gradients flow back to them.
 *
 * @param images - float32 `[batch, height, width, channels]`.
 * @returns float32 `[batch, taps.height, taps.width, channels]`.
 */
export function gatherTaps(images: tf.Tensor4D, taps: Taps): tf.Tensor4D {
  const [batch, height, width, channels] = images.shape;
  const count = batch * taps.height * taps.width;
  const gathered = tf.customGrad((input) => {
    const pixels = tf.reshape(input as tf.Tensor, [batch * height * width, channels]);
    const value = tf.tidy(() => {
      const parts = taps.places.map((places, tap) =>
        tf.mul(tf.gather(pixels, tf.tensor1d(places, 'int32')), tf.tensor2d(taps.shares[tap]!, [count, 1])),
      );
      const sum = parts.reduce((total, part) => tf.add(total, part));
      const whole = taps.added ? tf.add(sum, tf.tensor2d(taps.added, [count, 1])) : sum;
      return tf.reshape(whole, [batch, taps.height, taps.width, channels]);
    });
    const gradFunc = (gradient: tf.Tensor) =>
      tf.tidy(() => {
        const rows = tf.reshape(gradient, [count, channels]);
        const parts = taps.places.map((places, tap) =>
          tf.scatterND(
            tf.tensor2d(places, [count, 1], 'int32'),
            tf.mul(rows, tf.tensor2d(taps.shares[tap]!, [count, 1])),
            [batch * height * width, channels],
          ),
        );
        const sum = parts.reduce((total, part) => tf.add(total, part));
        return tf.reshape(sum, images.shape);
      });
    return { value, gradFunc };
  });
  return gathered(images) as tf.Tensor4D;
}
