import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { batchNormModel, weightsOf } from './__fixtures__/toy-problem.js';
import { run, training } from './__fixtures__/toy-run.js';
import { memoryCheckpoints } from './checkpoints/checkpoint.js';
import { averageOf } from './weight-average.js';

describe('averageOf', () => {
  it('averages all weights, those that do not train too, by the published formula', async () => {
    const model = batchNormModel();
    const average = averageOf(model, { decay: 0.5 });
    let expected = weightsOf(model);
    for (let step = 0; step < 12; step++) {
      tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.add(weight, 1 + step))));
      average.update(step);
      const decay = Math.min(0.5, (1 + step) / (10 + step));
      const current = weightsOf(model);
      expected = expected.map((values, index) =>
        values.map((value, at) => value * decay + current[index]![at]! * (1 - decay)),
      );
    }
    const found = await average.values();
    expected.forEach((values, index) => {
      values.forEach((value, at) => {
        expect(found[index]![at]).toBeCloseTo(value, 3);
      });
    });
    average.dispose();
    model.dispose();
  });

  it('is in the model while work runs, and gone after it, also after an error', async () => {
    const model = batchNormModel();
    const average = averageOf(model, { decay: 0.9 });
    const initial = weightsOf(model);
    tf.tidy(() => model.setWeights(model.getWeights().map((weight) => tf.add(weight, 1))));
    const trained = weightsOf(model);
    expect(await average.inModel(async () => weightsOf(model))).toEqual(initial);
    expect(weightsOf(model)).toEqual(trained);
    await expect(average.inModel(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(weightsOf(model)).toEqual(trained);
    average.dispose();
    model.dispose();
  });
});

describe('train with averageWeights', () => {
  it('keeps and saves the average as the best weights, and leaks nothing', async () => {
    const model = batchNormModel();
    const checkpoints = memoryCheckpoints();
    await run({ model, epochs: 1 }).result; // the first use of a model makes tensors that stay
    const before = tf.memory().numTensors;
    const { bestEpoch } = await run({ model, checkpoints, averageWeights: { decay: 0.99 } }).result;
    const best = await checkpoints.read(`best-epoch-${bestEpoch + 1}`);
    const last = await checkpoints.read('last');
    const stored = best!.weights.map((values) => Array.from(values));
    expect(weightsOf(model)).toEqual(stored);
    expect(last!.average).toHaveLength(last!.weights.length);
    expect(last!.average.map((values) => Array.from(values))).not.toEqual(
      last!.weights.map((values) => Array.from(values)),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('validates the average, not the weights that train', async () => {
    const steps = training.batchCount;
    const slow = await run({ epochs: 1, learningRate: 0.5, averageWeights: { decay: 0.999 } }).result;
    const fast = await run({ epochs: 1, learningRate: 0.5 }).result;
    expect(slow.steps).toBe(steps);
    expect(slow.history[0]!.loss).toBe(fast.history[0]!.loss); // training itself is the same
    expect(slow.history[0]!.val_loss).not.toBe(fast.history[0]!.val_loss);
  });

  it('refuses a decay that is no share', async () => {
    await expect(run({ averageWeights: { decay: 1 } }).result).rejects.toThrow(
      '`averageWeights.decay` must be in [0, 1). Received: 1.',
    );
  });
});
