import * as tf from '@tensorflow/tfjs-core';
import type { layers, Shape } from '@tensorflow/tfjs-layers';
import { type FreezableBatchNorm, InvalidArgumentError } from 'xray-core';
import { normalizeBatch } from './normalize-batch.js';

/** Options of `batchNormalization`; the same as those of the stock layer. */
export type BatchNormalizationOptions = NonNullable<Parameters<typeof layers.batchNormalization>[0]>;

/** What the stock layer has in it once it is built. */
interface StockParts {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: Weight | undefined;
  readonly beta?: Weight | undefined;
  readonly movingMean: Weight;
  readonly movingVariance: Weight;
}

type Weight = layers.Layer['weights'][number];

// The class itself is not exported by tfjs-layers, but it registers itself there under the name that it is saved as.
const StockBatchNormalization = tf.serialization.SerializationMap.getMap().classNameMap
  .BatchNormalization![0] as unknown as new (
  options: BatchNormalizationOptions,
) => layers.Layer & StockParts;

/**
 * Batch normalization over the last axis that trains as Keras does. What differs from the stock layer of TensorFlow.js:
 * frozen (`trainable = false`, or its weights by a frozen model around it) it normalises with its moving statistics and
 * leaves them as they are, in training too; with `scale: false` or `center: false` it trains (the stock layer throws);
 * and a backend's fused kernels are used where it has them.
 *
 * In training the batch's mean and population variance normalise and move the averages:
 * `moving = moving * momentum + batch * (1 - momentum)`, once for every forward pass, so once for every micro-batch.
 *
 * Saved as a standard `BatchNormalization`, so plain TensorFlow.js and Keras load it. Not registered globally.
 *
 * @see Ioffe & Szegedy 2015, https://arxiv.org/abs/1502.03167
 */
export class BatchNormalization extends StockBatchNormalization implements FreezableBatchNorm {
  /** @nocollapse */
  static readonly className: string = 'BatchNormalization';
  readonly frozenMeansInference = true;

  override build(inputShape: Shape | Shape[]): void {
    const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    if (this.axis !== -1 && this.axis !== shape.length - 1) {
      throw new InvalidArgumentError({
        argument: 'axis',
        expected: `the last axis (-1 or ${shape.length - 1}), as images have their channels last`,
        received: this.axis,
      });
    }
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean | undefined }): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tf.tidy(() => {
      const { movingMean, movingVariance, epsilon } = this;
      const scale = this.gamma?.read();
      const offset = this.beta?.read();
      if (!kwargs.training) {
        const statistics = [movingMean.read(), movingVariance.read()] as [tf.Tensor1D, tf.Tensor1D];
        return tf.batchNorm(x, ...statistics, offset as tf.Tensor1D, scale as tf.Tensor1D, epsilon);
      }
      if (this.isFrozen()) return this.applyMovingStatistics(x, scale, offset);
      const { y, mean, variance } = normalizeBatch(x, { scale, offset, epsilon });
      this.move(movingMean, mean);
      this.move(movingVariance, variance);
      return y;
    });
  }

  /** The same as `tf.batchNorm`, whose gradient fails without a scale and computes those of the statistics, too. */
  private applyMovingStatistics(x: tf.Tensor, scale?: tf.Tensor, offset?: tf.Tensor): tf.Tensor {
    const inverse = tf.rsqrt(tf.add(this.movingVariance.read(), this.epsilon));
    const factor = scale ? tf.mul(inverse, scale) : inverse;
    const shift = tf.neg(tf.mul(this.movingMean.read(), factor));
    return tf.add(tf.mul(x, factor), offset ? tf.add(shift, offset) : shift);
  }

  /** A frozen model freezes the weights of its layers, not the layers. */
  private isFrozen(): boolean {
    const own = [this.gamma, this.beta].filter((weight) => weight !== undefined);
    return !this.trainable || (own.length > 0 && own.every(({ trainable }) => !trainable));
  }

  private move(average: Weight, value: tf.Tensor): void {
    average.write(tf.add(tf.mul(average.read(), this.momentum), tf.mul(value, 1 - this.momentum)));
  }
}

/**
 * Creates a `BatchNormalization` layer.
 *
 * @example
 * const layer = batchNormalization({ scale: false, name: 'batch_normalization_1' });
 */
export function batchNormalization(options: BatchNormalizationOptions = {}): BatchNormalization {
  return new BatchNormalization(options);
}
