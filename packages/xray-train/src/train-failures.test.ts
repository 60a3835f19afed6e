import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model as modelOf, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { batchNormModel, toyModel, toySource, weightsOf } from './__fixtures__/toy-problem.js';
import { run, training } from './__fixtures__/toy-run.js';
import type { TrainOptions } from './train-options.js';

describe('train that cannot go on', () => {
  it('stops at a loss that is not finite, before it spoils the weights', async () => {
    const poisoned = toySource({ sampleCount: 8, batchSize: 8, seed: 1, poisonId: 'sample-3' });
    const model = toyModel();
    const before = tf.memory().numTensors;

    await expect(run({ model, train: poisoned }).result).rejects.toThrow(
      /The loss became NaN in epoch 1, batch 1 \(images .* and 5 more\) at learning rate 0.02\. Lower the learning rate/,
    );
    expect(tf.memory().numTensors).toBe(before);
    expect(weightsOf(model)).toEqual(weightsOf(toyModel()));
  });

  it.each([8, 3])(
    'keeps the moving averages of the last step then, too, %i images at a time',
    async (microBatchSize) => {
      const options = { shuffle: false, batchSize: 8, seed: 1 };
      const poisoned = toySource({ ...options, sampleCount: 16, poisonId: 'sample-13' });
      const model = batchNormModel();
      const before = tf.memory().numTensors;
      await expect(run({ model, train: poisoned, microBatchSize }).result).rejects.toThrow(
        'The loss became NaN',
      );
      expect(tf.memory().numTensors).toBe(before);

      const oneStep = run({
        ...{ model: batchNormModel(), microBatchSize, epochs: 1 },
        train: toySource({ ...options, sampleCount: 8 }),
      });
      await oneStep.result;
      expect(weightsOf(model)).toEqual(weightsOf(oneStep.model));
    },
  );

  it('leaves nothing of a step that fails half-way', async () => {
    const model = batchNormModel();
    const [before, weights] = [tf.memory().numTensors, weightsOf(model)];
    let calls = 0;
    const forward: TrainOptions['forward'] = (images, settings) => {
      if (++calls === 2) throw new Error('out of memory');
      return model.apply(images, settings) as tf.Tensor2D;
    };
    await expect(run({ model, microBatchSize: 3, forward }).result).rejects.toThrow('out of memory');
    expect(tf.memory().numTensors).toBe(before);
    expect(weightsOf(model)).toEqual(weights);
  });

  it('refuses a rate that no step can be taken with', async () => {
    const rates = [0.02, 0];
    const model = toyModel();
    await expect(run({ model, learningRate: (step) => rates[step]! }).result).rejects.toThrow(
      '`learningRate` must be a schedule with a finite rate of at least 0 for step 2. Received: undefined.',
    );
    expect(weightsOf(model).flat().every(Number.isFinite)).toBe(true);
    const negative = run({ learningRate: () => -1 }).result;
    await expect(negative).rejects.toThrow('for step 0. Received: -1.');
  });

  it('refuses models with several inputs or outputs', async () => {
    const [left, right] = [input({ shape: [4, 4, 1] }), input({ shape: [4, 4, 1] })];
    const flat = layers.flatten().apply(layers.add().apply([left, right]));
    const dense = () => layers.dense({ units: 2, activation: 'softmax' }).apply(flat) as SymbolicTensor;
    const expected = /`model` must be a model with one input and one output\. Received: .*inputs.*2/;
    await expect(run({ model: modelOf({ inputs: [left, right], outputs: dense() }) }).result).rejects.toThrow(
      expected,
    );
    const two = modelOf({ inputs: [left, right], outputs: [dense(), dense()] });
    await expect(run({ model: two }).result).rejects.toThrow(/outputs.*2/);
  });

  it('names options that are out of range', async () => {
    await expect(run({ epochs: 0 }).result).rejects.toThrow(
      '`epochs` must be a whole number from 1 up. Received: 0.',
    );
    await expect(run({ microBatchSize: 1.5 }).result).rejects.toThrow('`microBatchSize`');
    await expect(run({ learningRate: -1 }).result).rejects.toThrow('`rate` must be a positive number');
    await expect(run({ classWeights: [1] }).result).rejects.toThrow('2 finite weights of at least 0');
    await expect(run({ labelSmoothing: 1 }).result).rejects.toThrow(
      '`labelSmoothing` must be a share in [0, 1)',
    );
    const frozen = toyModel();
    frozen.trainable = false;
    await expect(run({ model: frozen }).result).rejects.toThrow('a model with trainable weights');
    const empty = { ...training, sampleCount: 0 };
    await expect(run({ train: empty }).result).rejects.toThrow('`train` must be a source with images');
    const three = sequential({
      layers: [layers.flatten({ inputShape: [4, 4, 1] }), layers.dense({ units: 3, activation: 'softmax' })],
    });
    await expect(run({ model: three }).result).rejects.toThrow(
      'The model must have the classes [dark, bright] in this order. Received: [output 0, output 1, output 2]. Build it with `classes: 2`',
    );
  });
});
