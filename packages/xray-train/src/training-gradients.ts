import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batch } from 'xray-core';
import { announceStep } from './announce-step.js';
import { type CrossEntropyOptions, crossEntropy } from './cross-entropy.js';

/** Result of one forward and backward pass over a batch. The caller disposes `gradients`. */
export interface BatchGradients {
  /** In the order of the variables; of the mean loss over the batch. */
  readonly gradients: tf.Tensor[];
  /** Mean over the batch. */
  readonly loss: number;
  /** Images whose most probable class is the most likely label. */
  readonly correct: number;
}

/**
 * Gradients of the mean loss over a batch, computed in micro-batches and summed, so that memory depends on the
 * micro-batch only.
 */
export function batchGradients(
  model: LayersModel,
  variables: tf.Variable[],
  batch: Batch,
  options: CrossEntropyOptions & { microBatchSize: number; step: number },
): BatchGradients {
  const { microBatchSize, step } = options;
  const size = batch.ids.length;
  let gradients: tf.Tensor[] = [];
  let loss = 0;
  let correct = 0;
  for (let start = 0; start < size; start += microBatchSize) {
    const count = Math.min(microBatchSize, size - start);
    announceStep(model, { step, sampleOffset: start });
    const previous = gradients;
    const part = tf.tidy(() => {
      const whole = count === size;
      const images = whole ? batch.images : tf.slice(batch.images, [start, 0, 0, 0], [count, -1, -1, -1]);
      const labels = whole ? batch.labels : tf.slice(batch.labels, [start, 0], [count, -1]);
      let hits = tf.scalar(0);
      const { value, grads } = tf.variableGrads(() => {
        const probabilities = model.apply(images, { training: true }) as tf.Tensor2D;
        hits = tf.keep(countHits(labels, probabilities));
        const data = tf.div(tf.sum(crossEntropy(labels, probabilities, options)), size);
        // Weight penalties belong to the batch, not to each of its parts.
        return tf.add(
          data,
          tf.mul(
            model.calculateLosses().reduce((sum, penalty) => tf.add(sum, penalty), tf.scalar(0)),
            count / size,
          ),
        ) as tf.Scalar;
      }, variables);
      loss += value.dataSync()[0]!;
      correct += hits.dataSync()[0]!;
      hits.dispose();
      return variables.map((variable, index) => {
        const gradient = grads[variable.name]!;
        return start === 0 ? gradient : tf.add(previous[index]!, gradient);
      });
    });
    tf.dispose(previous);
    gradients = part;
  }
  return { gradients, loss, correct };
}

function countHits(labels: tf.Tensor2D, probabilities: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const hits = tf.equal(tf.argMax(probabilities, 1), tf.argMax(labels, 1));
    return tf.sum(tf.cast(hits, 'float32')) as tf.Scalar;
  });
}
