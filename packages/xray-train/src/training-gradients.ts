import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batch, Forward } from 'xray-core';
import { announceStep } from './announce-step.js';
import { type CrossEntropyOptions, crossEntropy } from './cross-entropy.js';
import { keepWeights, movingWeights } from './moving-weights.js';

/** Result of one forward and backward pass over a batch. The caller disposes `gradients`. */
export interface BatchGradients {
  /** In the order of the variables; of the mean loss over the batch. */
  readonly gradients: tf.Tensor[];
  /** Mean over the batch. */
  readonly loss: number;
  /** Images whose most probable class is the most likely label. */
  readonly correct: number;
}

/** @internal Options of `batchGradients`. */
export interface BatchGradientsOptions extends CrossEntropyOptions {
  readonly microBatchSize: number;
  readonly step: number;
  readonly forward?: Forward | undefined;
  /** Images of the batch whose mean loss is taken; more than are given when they are a shard of it. @default those given */
  readonly wholeSize?: number | undefined;
  /** Place of the first image in that batch. @default 0 */
  readonly sampleOffset?: number | undefined;
}

/**
 * Gradients of the mean loss over a batch, computed in micro-batches and summed, so that memory depends on the
 * micro-batch only. On a shard they are the shard's share: those of all shards add up to the batch's. After an error, and
 * where the loss is not finite, the moving averages of batch norm are those from before.
 */
export async function batchGradients(
  model: LayersModel,
  variables: tf.Variable[],
  batch: Pick<Batch, 'images' | 'labels'>,
  options: BatchGradientsOptions,
): Promise<BatchGradients> {
  const { microBatchSize, step, sampleOffset = 0 } = options;
  const size = batch.images.shape[0];
  const wholeSize = options.wholeSize ?? size;
  const kept = keepWeights(movingWeights(model));
  let gradients: tf.Tensor[] = [];
  const sums = { loss: 0, correct: 0 };
  try {
    for (let start = 0; start < size; start += microBatchSize) {
      const count = Math.min(microBatchSize, size - start);
      announceStep(model, { step, sampleOffset: sampleOffset + start });
      const previous = gradients;
      const [value, hits, ...summed] = tf.tidy(() => {
        const part = microBatchGradients(model, variables, batch, { ...options, wholeSize, start, count });
        const sum =
          start === 0
            ? part.gradients
            : part.gradients.map((gradient, index) => tf.add(previous[index]!, gradient));
        return [part.loss, part.hits, ...sum];
      });
      tf.dispose(previous);
      gradients = summed;
      try {
        // Not `dataSync`: WebGPU in Node cannot wait.
        sums.loss += (await value!.data())[0]!;
        sums.correct += (await hits!.data())[0]!;
      } finally {
        tf.dispose([value!, hits!]);
      }
    }
    if (!Number.isFinite(sums.loss)) kept.putBack();
    return { gradients, ...sums };
  } catch (error) {
    tf.dispose(gradients); // a GPU may say only when it is read that it was out of memory
    kept.putBack();
    throw error;
  } finally {
    kept.dispose();
  }
}

/** One forward and backward pass; the loss is this part's share of the batch's mean. */
function microBatchGradients(
  model: LayersModel,
  variables: tf.Variable[],
  batch: Pick<Batch, 'images' | 'labels'>,
  options: BatchGradientsOptions & { wholeSize: number; start: number; count: number },
): { gradients: tf.Tensor[]; loss: tf.Scalar; hits: tf.Scalar } {
  const { start, count, wholeSize } = options;
  const whole = count === batch.images.shape[0];
  const images = whole ? batch.images : tf.slice(batch.images, start, count); // features may have another rank
  const labels = whole ? batch.labels : tf.slice(batch.labels, [start, 0], [count, -1]);
  let hits: tf.Scalar | undefined;
  const loss = () => {
    const probabilities = options.forward
      ? options.forward(images, { training: true })
      : (model.apply(images, { training: true }) as tf.Tensor2D);
    hits = tf.keep(countHits(labels, probabilities));
    const data = tf.div(tf.sum(crossEntropy(labels, probabilities, options)), wholeSize);
    const penalties = model.calculateLosses().reduce((sum, penalty) => tf.add(sum, penalty), tf.scalar(0));
    // Weight penalties belong to the batch, not to each of its parts.
    return tf.add(data, tf.mul(penalties, count / wholeSize)) as tf.Scalar;
  };
  try {
    const { value, grads } = tf.variableGrads(loss, variables);
    // A weight that the loss does not depend on has none.
    const gradients = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
    return { gradients, loss: value, hits: hits! };
  } catch (error) {
    hits?.dispose();
    disposeTape();
    throw error;
  }
}

/** After a failure, such as a lack of memory, TensorFlow.js keeps every activation that was saved for the backward pass. */
function disposeTape(): void {
  const { state } = tf.engine() as unknown as {
    state: { activeTape: readonly { readonly saved?: tf.Tensor[] | undefined }[] | null };
  };
  tf.dispose((state.activeTape ?? []).flatMap(({ saved = [] }) => saved));
  state.activeTape = null;
}

function countHits(labels: tf.Tensor2D, probabilities: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const hits = tf.equal(tf.argMax(probabilities, 1), tf.argMax(labels, 1));
    return tf.sum(tf.cast(hits, 'float32')) as tf.Scalar;
  });
}
