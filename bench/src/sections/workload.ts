import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Forward } from 'xray-core';
import { adam, crossEntropy, type Optimizer } from 'xray-train';
import { countOperations } from './count-operations.js';

/** A model with batches to run it on. */
export interface Workload {
  readonly model: LayersModel;
  /** The model's own `apply`. */
  readonly plain: Forward;
  /** Billions of operations per image; those of a step depend on what is frozen now. */
  gigaOperations(): { readonly forward: number; readonly step: number };
  /** Runs the model on a batch and waits for the result. */
  forwardPass(forward: Forward, batch: number): Promise<void>;
  /** Gradients of the cross-entropy, summed over micro-batches, and a step of the optimizer; then waits for the loss. @param microBatch - @default the batch */
  trainingStep(forward: Forward, batch: number, microBatch?: number): Promise<void>;
  dispose(): void;
}

/**
 * @param model - `[batch, height, width, channels]` to probabilities of two classes.
 * @param createOptimizer - What takes the steps. @default adam
 */
export function createWorkload(model: LayersModel, createOptimizer: () => Optimizer = adam): Workload {
  const imageShape = model.inputs[0]!.shape.slice(1) as [number, number, number];
  /** One for every set of variables: freezing needs another. */
  const optimizers = new Map<string, Optimizer>();
  const optimizerOf = (variables: readonly tf.Variable[]) => {
    const key = variables.map(({ name }) => name).join();
    const optimizer = optimizers.get(key) ?? createOptimizer();
    optimizers.set(key, optimizer);
    return optimizer;
  };
  const batches = new Map<number, { images: tf.Tensor4D; labels: tf.Tensor2D }>();
  /** Kept until the end: never to be called first inside of `tf.tidy`. */
  const batchOf = (size: number) => {
    const batch = batches.get(size) ?? {
      images: tf.randomUniform<tf.Rank.R4>([size, ...imageShape], 0, 1, 'float32', 1),
      labels: tf.tensor2d(Array.from({ length: size }, (_, index) => [index % 2, (index + 1) % 2])),
    };
    batches.set(size, batch);
    return batch;
  };

  /** The loss and the gradients of a part of a batch. */
  function gradients(forward: Forward, batch: number, start: number, count: number): tf.Tensor[] {
    const { images, labels } = batchOf(batch);
    const variables = variablesOf(model);
    const { value, grads } = tf.variableGrads(() => {
      const x = count === batch ? images : tf.slice(images, [start, 0, 0, 0], [count, -1, -1, -1]);
      const y = count === batch ? labels : tf.slice(labels, [start, 0], [count, -1]);
      return tf.div(tf.sum(crossEntropy(y, forward(x, { training: true }))), batch) as tf.Scalar;
    }, variables);
    return [value, ...variables.map(({ name }) => grads[name]!)];
  }

  return {
    model,
    plain: (x, options) => model.apply(x, options) as tf.Tensor2D,
    gigaOperations() {
      const { forward, step } = countOperations(model);
      return { forward: forward / 1e9, step: step / 1e9 };
    },
    async forwardPass(forward, batch) {
      const { images } = batchOf(batch);
      const probabilities = tf.tidy(() => forward(images, { training: false }));
      await probabilities.data(); // not `dataSync`: WebGPU in Node cannot wait
      probabilities.dispose();
    },
    async trainingStep(forward, batch, microBatch = batch) {
      batchOf(batch);
      let sums: tf.Tensor[] = [];
      for (let start = 0; start < batch; start += microBatch) {
        const previous = sums;
        sums = tf.tidy(() => {
          const part = gradients(forward, batch, start, Math.min(microBatch, batch - start));
          return start === 0 ? part : part.map((gradient, index) => tf.add(previous[index]!, gradient));
        });
        tf.dispose(previous);
      }
      const variables = variablesOf(model);
      const [loss, ...summed] = sums;
      optimizerOf(variables).step(variables, summed, 1e-5);
      await loss!.data();
      tf.dispose(sums);
    },
    dispose() {
      for (const optimizer of optimizers.values()) optimizer.dispose();
      for (const batch of batches.values()) tf.dispose([batch.images, batch.labels]);
      model.dispose();
    },
  };
}

const variablesOf = (model: LayersModel) =>
  model.trainableWeights.map((weight) => weight.read() as tf.Variable);
