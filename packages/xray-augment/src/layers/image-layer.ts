import * as tf from '@tensorflow/tfjs-core';
import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { InvalidArgumentError } from 'xray-core';
import { oneOf } from './keras-config.js';

/** What every layer here takes, under the names that TensorFlow.js gives to the fields of a Keras config. */
export interface ImageLayerConfig {
  name?: string | undefined;
  trainable?: boolean | undefined;
  /** Without the batch; for a first layer. */
  inputShape?: Shape | undefined;
  batchInputShape?: Shape | undefined;
  /** Accepted and not used: values are float32, as all of TensorFlow.js's are. */
  dtype?: unknown;
  /** @default 'channelsLast' */
  dataFormat?: 'channelsLast' | 'channelsFirst' | null | undefined;
}

/** A layer over batches of images, whatever the place of their channels. Subclasses see channels last, float32. */
export abstract class ImageLayer extends layers.Layer {
  protected readonly dataFormat: 'channelsLast' | 'channelsFirst';

  constructor(config: ImageLayerConfig) {
    const { name, trainable, inputShape, batchInputShape, dataFormat } = config;
    super({
      dtype: 'float32',
      ...(name === undefined ? {} : { name }),
      ...(trainable === undefined ? {} : { trainable }),
      ...(inputShape ? { inputShape } : {}),
      ...(batchInputShape ? { batchInputShape } : {}),
    });
    this.dataFormat = oneOf(this.name, 'dataFormat', dataFormat ?? 'channelsLast', [
      'channelsLast',
      'channelsFirst',
    ]);
  }

  /**
   * @param images - float32 `[batch, height, width, channels]`.
   * @returns The same, perhaps of another height and width.
   */
  protected abstract transform(images: tf.Tensor4D, training: boolean): tf.Tensor4D;

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean | undefined }): tf.Tensor {
    const input = Array.isArray(inputs) ? inputs[0]! : inputs;
    if (input.rank !== 4) {
      throw new InvalidArgumentError({
        argument: `input of ${this.name}`,
        expected: 'a batch of images, a tensor of rank 4',
        received: input.shape,
      });
    }
    return tf.tidy(() => {
      const images = tf.cast(input, 'float32') as tf.Tensor4D;
      if (this.dataFormat === 'channelsLast') return this.transform(images, kwargs.training === true);
      const channelsLast = tf.transpose(images, [0, 2, 3, 1]);
      return tf.transpose(this.transform(channelsLast, kwargs.training === true), [0, 3, 1, 2]);
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    return inputShape;
  }

  /** Without what Keras takes for granted, so that Keras 2, which knows fewer fields, reads it as well. */
  override getConfig() {
    const { dataFormat } = this;
    return { ...super.getConfig(), ...(dataFormat === 'channelsLast' ? {} : { dataFormat }) };
  }
}
