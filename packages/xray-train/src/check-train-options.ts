import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import {
  checkWholeNumber,
  type Forward,
  InvalidArgumentError,
  type OptionNames,
  refuseUnknownOptions,
} from 'xray-core';
import { checkBatchNorm } from './check-batch-norm.js';
import { checkClipNorm } from './clip-gradients.js';
import { checkCrossEntropyOptions } from './cross-entropy.js';
import { scheduleOf } from './learning-rate.js';
import type { Optimizer } from './optimizers/optimizer.js';
import { checkModelClasses, checkReplicas } from './predict.js';
import type { TrainOptions } from './train-options.js';
import { checkAverageWeights } from './weight-average.js';

const OPTIONS: OptionNames<TrainOptions> = {
  model: true,
  train: true,
  validation: true,
  shiftedValidation: true,
  epochs: true,
  seed: true,
  optimizer: true,
  learningRate: true,
  clipNorm: true,
  averageWeights: true,
  forward: true,
  replicas: true,
  augmentation: true,
  microBatchSize: true,
  earlyStopping: true,
  keepWeights: true,
  checkpoints: true,
  stopWhen: true,
  resume: true,
  signal: true,
  onProgress: true,
  classWeights: true,
  labelSmoothing: true,
};

/**
 * Checks everything that can be checked before the first step.
 *
 * @throws {InvalidArgumentError} Naming the option.
 * @throws {ClassMismatchError} If the model's outputs and the class list differ.
 */
export function checkTrainOptions(options: TrainOptions): void {
  refuseUnknownOptions('train', options, OPTIONS);
  const { model, train: source, validation, shiftedValidation } = options;
  const { epochs, microBatchSize, seed, replicas } = options;
  checkSources(options);
  checkOptimizer(options.optimizer);
  checkWholeNumber('epochs', epochs);
  if (microBatchSize !== undefined) checkWholeNumber('microBatchSize', microBatchSize);
  if (!Number.isSafeInteger(seed)) {
    throw new InvalidArgumentError({ argument: 'seed', expected: 'a safe integer', received: seed });
  }
  scheduleOf(options.learningRate);
  checkClipNorm(options.clipNorm);
  checkAverageWeights(options.averageWeights);
  checkCrossEntropyOptions(options, source.classList.names.length);
  checkModelClasses(model, source);
  checkModelClasses(model, validation);
  if (shiftedValidation) checkModelClasses(model, shiftedValidation);
  checkReplicas(model, replicas);
  checkBatchNorm(model);
  for (const [name, { sampleCount }] of Object.entries({ train: source, validation })) {
    if (sampleCount === 0) {
      throw new InvalidArgumentError({
        argument: name,
        expected: 'a source with images',
        received: sampleCount,
      });
    }
  }
  if (model.trainableWeights.length === 0) {
    throw new InvalidArgumentError({
      argument: 'model',
      expected: 'a model with trainable weights',
      received: model.name,
      fix: 'Set `trainable = true` on the layers to train.',
    });
  }
}

/** @throws {InvalidArgumentError} If a source is missing. */
function checkSources({ train, validation }: TrainOptions): void {
  for (const [argument, source] of Object.entries({ train, validation })) {
    if (typeof source?.epoch === 'function') continue;
    throw new InvalidArgumentError({
      argument,
      expected: 'a source of batches, as `createBatches` of xray-dataset gives it',
      received: source,
    });
  }
}

/** @throws {InvalidArgumentError} If it is one of TensorFlow.js, or the name of one. */
function checkOptimizer(optimizer: Optimizer | undefined): void {
  if (optimizer === undefined || typeof optimizer?.restore === 'function') return;
  throw new InvalidArgumentError({
    argument: 'optimizer',
    expected:
      'adam(), adamW(...) or sgd(...) of xray-train: those of TensorFlow.js cannot be resumed exactly',
    received: typeof optimizer === 'object' ? (optimizer as object)?.constructor?.name : optimizer,
    fix: 'The learning rate is an option of `train`.',
  });
}

/** How far the probabilities of an image may sum from 1. */
const TOLERANCE = 1e-3;

/**
 * Runs the model on a blank image.
 *
 * @throws {InvalidArgumentError} If it gives logits or scores: cross-entropy would learn nothing sensible from them.
 */
export async function checkProbabilities(model: LayersModel, forward: Forward | undefined): Promise<void> {
  const shape = model.inputs[0]!.shape.slice(1);
  if (shape.some((length) => length === null)) return; // the first validation tells
  const blank: tf.Tensor4D = tf.zeros([1, ...shape] as [number, number, number, number]);
  const outputs = tf.tidy(() =>
    forward ? forward(blank, { training: false }) : (model.predict(blank) as tf.Tensor),
  );
  const values = Array.from(await outputs.data());
  tf.dispose([blank, outputs]);
  const sum = values.reduce((total, value) => total + value, 0);
  if (!Number.isFinite(sum)) return; // weights of no use: the loss will say so
  if (values.every((value) => value >= -TOLERANCE) && Math.abs(sum - 1) <= TOLERANCE) return;
  throw new InvalidArgumentError({
    argument: 'model',
    expected: 'a model that gives probabilities: from 0 to 1, those of an image adding up to 1',
    received: values,
    fix: "These are of a blank image. End the model with a dense layer with `activation: 'softmax'`.",
  });
}
