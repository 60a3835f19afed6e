import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkWholeNumber, type Forward, InvalidArgumentError } from 'xray-core';
import { announceStep } from './announce-step.js';
import { keepWeights } from './moving-weights.js';
import { batchGradients } from './training-gradients.js';

/** Options of `rehearseStep`. */
export interface RehearseStepOptions {
  /** Images of the forward and backward pass. */
  images: number;
  /** As for `train`. @default the model's own */
  forward?: Forward | undefined;
}

/**
 * Runs the forward and backward pass of `train` on blank images without taking the step: to find out how much memory it
 * needs, or how long it takes. The model stays as it is, moving averages of batch norm included.
 *
 * @throws {InvalidArgumentError} If `images` is out of range, or the model takes images of any size.
 *
 * @example
 * await imagesThatFit(device.memory, (images) => rehearseStep(model, { images })); // of xray-node-gpu
 */
export async function rehearseStep(
  model: LayersModel,
  { images: count, forward }: RehearseStepOptions,
): Promise<void> {
  checkWholeNumber('images', count);
  const imageShape = model.inputs[0]!.shape.slice(1);
  const isKnown = imageShape.every((length) => length !== null);
  if (!isKnown) {
    throw new InvalidArgumentError({
      argument: 'model',
      expected: 'a model that takes images of one size',
      received: model.inputs[0]!.shape,
    });
  }
  const classes = model.outputs[0]!.shape.at(-1)!;
  const images: tf.Tensor = tf.zeros([count, ...(imageShape as number[])]);
  const labels = tf.tensor2d(
    Array.from({ length: count }, () => [1, ...new Array<number>(classes - 1).fill(0)]),
  );
  const kept = keepWeights(model.nonTrainableWeights);
  try {
    const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    const batch = { images: images as tf.Tensor4D, labels };
    const { gradients } = await batchGradients(model, variables, batch, {
      ...{ microBatchSize: count, step: 0, forward },
    });
    tf.dispose(gradients);
  } finally {
    announceStep(model, undefined);
    kept.putBack();
    kept.dispose();
    tf.dispose([images, labels]);
  }
}
