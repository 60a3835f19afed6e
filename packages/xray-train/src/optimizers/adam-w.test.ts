import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import references from '../__fixtures__/pytorch-references.json' with { type: 'json' };
import { adamW } from './adam-w.js';

const rateAt = (step: number) => 0.05 / (1 + 0.1 * step);

describe('adamW', () => {
  it.each(references.adamW)(
    "takes PyTorch's steps, with weight decay $weightDecay",
    ({ betas, eps, weightDecay, path }) => {
      const optimizer = adamW({ beta1: betas[0], beta2: betas[1], epsilon: eps, weightDecay });
      const variables = tf.tidy(() => [tf.variable(tf.ones([4])), tf.variable(tf.ones([1, 2]))]);
      path.forEach((expected, step) => {
        const values = references.gradients[step]!;
        tf.tidy(() => {
          const gradients = [tf.tensor1d(values.slice(0, 4)), tf.tensor2d([values.slice(4)])];
          optimizer.step(variables, gradients, rateAt(step));
        });
        const weights = variables.flatMap((variable) => Array.from(variable.dataSync()));
        expected.forEach((weight, at) => {
          expect(weights[at]).toBeCloseTo(weight, 5);
        });
      });
      optimizer.dispose();
      tf.dispose(variables);
    },
  );

  it.each([
    ['weightDecay', { weightDecay: -0.1 }],
    ['epsilon', { epsilon: Number.NaN }],
  ])('refuses %s outside of its range', (name, options) => {
    expect(() => adamW(options)).toThrow(`\`${name}\` must be a finite number of at least 0.`);
  });
});
