import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { adam } from './adam.js';
import { adamW } from './adam-w.js';
import type { Optimizer } from './optimizer.js';
import { sgd } from './sgd.js';

const STEPS = 25;
const random = createRandom(4);
const gradientsAt = Array.from({ length: STEPS }, () => Array.from({ length: 6 }, () => random.normal()));
const rateAt = (step: number) => 0.05 / (1 + 0.1 * step);

/** Weights after every step, for two variables of shapes [4] and [1, 2]. */
function trajectory(optimizer: Optimizer, steps = STEPS, start = 0, from = new Array<number>(6).fill(1)) {
  const variables = tf.tidy(() => [
    tf.variable(tf.tensor1d(from.slice(0, 4))),
    tf.variable(tf.tensor2d([from.slice(4)])),
  ]);
  for (let step = start; step < start + steps; step++) {
    tf.tidy(() => {
      const values = gradientsAt[step]!;
      optimizer.step(
        variables,
        [tf.tensor1d(values.slice(0, 4)), tf.tensor2d([values.slice(4)])],
        rateAt(step),
      );
    });
  }
  const weights = variables.flatMap((variable) => Array.from(variable.dataSync()));
  tf.dispose(variables);
  return weights;
}

/** Algorithm 1 of Kingma & Ba with bias-corrected moments, in double precision. */
function referenceAdam(beta1: number, beta2: number): number[] {
  return Array.from({ length: 6 }, (_, at) => {
    let [weight, mean, square] = [1, 0, 0];
    for (let step = 0; step < STEPS; step++) {
      const gradient = gradientsAt[step]![at]!;
      mean = beta1 * mean + (1 - beta1) * gradient;
      square = beta2 * square + (1 - beta2) * gradient ** 2;
      const correctedMean = mean / (1 - beta1 ** (step + 1));
      const correctedSquare = square / (1 - beta2 ** (step + 1));
      weight -= (rateAt(step) * correctedMean) / Math.sqrt(correctedSquare);
    }
    return weight;
  });
}

/** Keras' SGD with momentum, in double precision. */
function referenceSgd(momentum: number): number[] {
  return Array.from({ length: 6 }, (_, at) => {
    let [weight, velocity] = [1, 0];
    for (let step = 0; step < STEPS; step++) {
      velocity = momentum * velocity - rateAt(step) * gradientsAt[step]![at]!;
      weight += velocity;
    }
    return weight;
  });
}

/** Algorithm 2 of Loshchilov & Hutter, in double precision. */
function referenceAdamW(weightDecay: number): number[] {
  return Array.from({ length: 6 }, (_, at) => {
    let [weight, mean, square] = [1, 0, 0];
    for (let step = 0; step < STEPS; step++) {
      const gradient = gradientsAt[step]![at]!;
      mean = 0.9 * mean + 0.1 * gradient;
      square = 0.999 * square + 0.001 * gradient ** 2;
      const correctedMean = mean / (1 - 0.9 ** (step + 1));
      const correctedSquare = square / (1 - 0.999 ** (step + 1));
      weight *= 1 - rateAt(step) * weightDecay;
      weight -= (rateAt(step) * correctedMean) / Math.sqrt(correctedSquare);
    }
    return weight;
  });
}

describe.each([
  { name: 'adam', create: () => adam({ epsilon: 1e-12 }), reference: () => referenceAdam(0.9, 0.999) },
  {
    name: 'adam with other betas',
    create: () => adam({ beta1: 0.5, beta2: 0.9, epsilon: 1e-12 }),
    reference: () => referenceAdam(0.5, 0.9),
  },
  {
    name: 'adamW',
    create: () => adamW({ epsilon: 1e-12, weightDecay: 0.1 }),
    reference: () => referenceAdamW(0.1),
  },
  { name: 'sgd', create: () => sgd(), reference: () => referenceSgd(0) },
  { name: 'sgd with momentum', create: () => sgd({ momentum: 0.9 }), reference: () => referenceSgd(0.9) },
])('$name', ({ create, reference }) => {
  it('follows its published formula', () => {
    const weights = trajectory(create());
    reference().forEach((expected, at) => {
      expect(weights[at]).toBeCloseTo(expected, 5);
    });
  });

  it('goes on bit for bit from a saved state', () => {
    const first = create();
    const halfway = trajectory(first, 10);
    const resumed = create();
    resumed.restore(first.slots(), 10);

    expect(trajectory(resumed, 15, 10, halfway)).toEqual(trajectory(create()));
  });

  it('keeps no tensors but its slots, and none after dispose', () => {
    const before = tf.memory().numTensors;
    const optimizer = create();
    trajectory(optimizer, 3);
    expect(tf.memory().numTensors - before).toBe(optimizer.slots().length);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses another set of variables', () => {
    const optimizer = create();
    trajectory(optimizer, 1);
    const variable = tf.variable(tf.zeros([4]));
    expect(() => optimizer.step([variable], [variable], 0.1)).toThrow(
      "The optimizer's state belongs to 2 variables. Received: 1. Create a new optimizer",
    );
  });
});

it.each([
  ['beta1', () => adam({ beta1: 1 })],
  ['beta2', () => adam({ beta2: Number.NaN })],
  ['momentum', () => sgd({ momentum: -0.1 })],
])('refuses %s outside of its range', (name, create) => {
  expect(create).toThrow(`\`${name}\` must be in [0, 1).`);
});
