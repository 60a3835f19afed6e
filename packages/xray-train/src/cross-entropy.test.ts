import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { describe, expect, it } from 'vitest';
import { crossEntropy } from './cross-entropy.js';

const losses = (labels: number[][], probabilities: number[][], options = {}) =>
  tf.tidy(() =>
    Array.from(crossEntropy(tf.tensor2d(labels), tf.tensor2d(probabilities), options).dataSync()),
  );

describe('crossEntropy', () => {
  it('is minus the logarithm of the true class', () => {
    const [first, second] = losses(
      [
        [1, 0, 0],
        [0, 0, 1],
      ],
      [
        [0.5, 0.3, 0.2],
        [0.1, 0.8, 0.1],
      ],
    ) as [number, number];
    expect(first).toBeCloseTo(-Math.log(0.5), 6);
    expect(second).toBeCloseTo(-Math.log(0.1), 6);
  });

  it('stays finite for certain answers', () => {
    const [right, wrong] = losses(
      [
        [1, 0],
        [1, 0],
      ],
      [
        [1, 0],
        [0, 1],
      ],
    ) as [number, number];
    expect(right).toBeCloseTo(0, 6);
    expect(wrong).toBeCloseTo(-Math.log(1e-7), 4);
  });

  it('weighs every image by its class, mixed labels by their shares', () => {
    const labels = [
      [1, 0],
      [0, 1],
      [0.25, 0.75],
    ];
    const probabilities = [
      [0.6, 0.4],
      [0.6, 0.4],
      [0.6, 0.4],
    ];
    const plain = losses(labels, probabilities);
    const weighted = losses(labels, probabilities, { classWeights: [2, 10] });
    [2, 10, 0.25 * 2 + 0.75 * 10].forEach((weight, index) => {
      expect(weighted[index]).toBeCloseTo(plain[index]! * weight, 5);
    });
  });

  it('spreads the smoothed share over all classes', () => {
    const [loss] = losses([[0, 1, 0]], [[0.2, 0.5, 0.3]], { labelSmoothing: 0.3 });
    expect(loss).toBeCloseTo(-(0.1 * Math.log(0.2) + 0.8 * Math.log(0.5) + 0.1 * Math.log(0.3)), 6);
  });

  it('has the gradient p - y behind a softmax, times the class weight', () => {
    tf.tidy(() => {
      const logits = tf.tensor2d([
        [0.3, -1.2, 0.8],
        [2, 0.1, -0.5],
      ]);
      const labels = tf.tensor2d([
        [0, 1, 0],
        [1, 0, 0],
      ]);
      const gradient = tf.grad((x) =>
        tf.sum(crossEntropy(labels, tf.softmax(x as tf.Tensor2D), { classWeights: [3, 0.5, 1] })),
      )(logits);
      const expected = tf.mul(tf.sub(tf.softmax(logits), labels), tf.tensor2d([[0.5], [3]]));
      const differences = tf.abs(tf.sub(gradient, expected)).dataSync();
      expect(Math.max(...differences)).toBeLessThan(1e-6);
    });
  });
});
