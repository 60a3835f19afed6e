import * as tf from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';

/** Options of `layerNormalization`; the same as those of the stock layer. */
export type LayerNormalizationOptions = NonNullable<Parameters<typeof layers.layerNormalization>[0]>;

/** What the stock layer has in it once it is built. */
interface StockParts {
  /** Sorted, counted from 0. */
  readonly axis: number[];
  readonly epsilon: number;
  readonly gamma: Weight | null;
  readonly beta: Weight | null;
}

type Weight = layers.Layer['weights'][number];

// The class itself is not exported by tfjs-layers, but it registers itself there under the name that it is saved as.
const StockLayerNormalization = tf.serialization.SerializationMap.getMap().classNameMap
  .LayerNormalization![0] as unknown as new (
  options: LayerNormalizationOptions,
) => layers.Layer & StockParts;

/**
 * Layer normalization that trains with `scale: false` and `center: false`, where the stock layer of TensorFlow.js throws:
 * `(x - mean) / sqrt(variance + epsilon)` over `axis` of each sample, times `gamma` plus `beta` where it has them. Over height,
 * width and channels without both it standardizes each image.
 *
 * Saved as a standard `LayerNormalization`, so plain TensorFlow.js and Keras load it. Not registered globally.
 *
 * @see Ba, Kiros & Hinton 2016, https://arxiv.org/abs/1607.06450
 */
export class LayerNormalization extends StockLayerNormalization {
  /** @nocollapse */
  static readonly className: string = 'LayerNormalization';

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tf.tidy(() => {
      const { mean, variance } = tf.moments(x, this.axis, true);
      const normalized = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, this.epsilon)));
      // Weights have the shape of the normalized axes; all other axes are repeated.
      const aligned = (weight: Weight) =>
        tf.reshape(
          weight.read(),
          x.shape.map((size, at) => (this.axis.includes(at) ? size : 1)),
        );
      const scaled = this.gamma ? tf.mul(normalized, aligned(this.gamma)) : normalized;
      return this.beta ? tf.add(scaled, aligned(this.beta)) : scaled;
    });
  }
}

/**
 * Creates a `LayerNormalization` layer.
 *
 * @example
 * const standardization = layerNormalization({ axis: [1, 2, 3], scale: false, center: false, epsilon: 1e-7 });
 */
export function layerNormalization(options: LayerNormalizationOptions = {}): LayerNormalization {
  return new LayerNormalization(options);
}
