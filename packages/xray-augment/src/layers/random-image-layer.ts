import * as tf from '@tensorflow/tfjs-core';
import { createRandom, type Random, type TrainingStep, type TrainingStepListener } from 'xray-core';
import { ImageLayer, type ImageLayerConfig } from './image-layer.js';

/** What every random layer here takes. */
export interface RandomImageLayerConfig extends ImageLayerConfig {
  /** Of the draws. @default 0; `null`, as Keras writes it, is the same */
  seed?: number | null | undefined;
}

/**
 * A layer that changes images while a model trains and gives them back as they are otherwise, as Keras's layers of
 * the same names do.
 *
 * A draw depends on the seed, the layer's name, the training step and the sample's place in the batch, so that runs
 * repeat and can be resumed, whatever the size of micro-batches. The steps are counted by a training loop that calls
 * `beginTrainingStep`, such as `train` of xray-train; without one, every call is a step.
 */
export abstract class RandomImageLayer extends ImageLayer implements TrainingStepListener {
  private readonly seed: number | null;
  private step: TrainingStep | undefined;
  private callsWithoutStep = 0;

  constructor(config: RandomImageLayerConfig) {
    super(config);
    this.seed = config.seed ?? null;
    this.supportsMasking = true;
  }

  /** @param random - One stream for each image. */
  protected abstract augment(images: tf.Tensor4D, random: readonly Random[]): tf.Tensor4D;

  beginTrainingStep(step: TrainingStep | undefined): void {
    this.step = step;
  }

  protected override transform(images: tf.Tensor4D, training: boolean): tf.Tensor4D {
    if (!training) return tf.clone(images);
    const { step, sampleOffset } = this.step ?? { step: `call-${this.callsWithoutStep++}`, sampleOffset: 0 };
    const all = createRandom(this.seed ?? 0).stream('layer', this.name, step);
    return this.augment(
      images,
      Array.from({ length: images.shape[0] }, (_, sample) => all.stream(sampleOffset + sample)),
    );
  }

  override getConfig() {
    return { ...super.getConfig(), seed: this.seed };
  }
}
