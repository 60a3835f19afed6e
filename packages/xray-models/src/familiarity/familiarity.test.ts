import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { createCnn } from '../cnn/create-cnn.js';
import { createRobustCnn } from '../robust-cnn/create-robust-cnn.js';
import { distanceOf, readFamiliarity, textOf } from './familiarity.js';
import { fitFamiliarity } from './fit-familiarity.js';
import { featuresOf, lastFeatures } from './last-features.js';

/** Values with standard deviations 1 and 2 and a correlation of 0.5, around (3, -1). */
function drawn(count: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from(
    Array.from({ length: count }, () => {
      const [a, b] = [random.normal(), random.normal()];
      return [3 + a, -1 + 2 * (0.5 * a + Math.sqrt(0.75) * b)];
    }).flat(),
  );
}

describe('fitFamiliarity', () => {
  const train = { size: 2, values: drawn(20_000, 1) };
  const validation = { size: 2, values: drawn(10_000, 2) };
  const familiarity = fitFamiliarity(train, validation, 0.95);
  const gaussian = readFamiliarity(familiarity);

  it('measures the Mahalanobis distance', () => {
    // Inverse of [[1, 1], [1, 4]] plus a ridge of 0.05 * 2.5 on the diagonal, by hand.
    const [a, b, c] = [1.125, 1, 4.125];
    const distance = (x: number, y: number) =>
      (c * (x - 3) ** 2 - 2 * b * (x - 3) * (y + 1) + a * (y + 1) ** 2) / (a * c - b * b) / 2;
    for (const [x, y] of [
      [3, -1],
      [4, 3],
      [1, -6],
    ] as const)
      expect(distanceOf(gaussian, [x, y]) / (distance(x, y) || 1)).toBeCloseTo(
        distance(x, y) === 0 ? 0 : 1,
        1,
      );
  });

  it('puts the threshold where the share of validation images says', () => {
    // Half of a chi-squared variable with 2 degrees of freedom is below 3.0 with 95 %, a little less with the ridge.
    expect(familiarity.threshold).toBeGreaterThan(2.6);
    expect(familiarity.threshold).toBeLessThan(3);
    const { values } = validation;
    const below = Array.from({ length: 10_000 }, (_, index) =>
      distanceOf(gaussian, values.subarray(2 * index, 2 * index + 2)),
    ).filter((distance) => distance < familiarity.threshold);
    expect(below.length).toBe(9_500);
  });

  it('survives JSON, features that never change, and fewer images than features', () => {
    expect(readFamiliarity(JSON.parse(JSON.stringify(familiarity)))).toEqual(gaussian);
    const flat = { size: 3, values: Float32Array.of(1, 0, 2, 2, 0, 4) };
    const fitted = readFamiliarity(fitFamiliarity(flat, flat));
    expect(distanceOf(fitted, [1.5, 0, 3])).toBeCloseTo(0, 6);
    expect(distanceOf(fitted, [1.5, 5, 3])).toBeGreaterThan(10);
  });

  it('refuses what tells nothing', () => {
    expect(() => fitFamiliarity({ size: 2, values: new Float32Array(2) }, validation)).toThrow(
      /two training/,
    );
    const broken = { size: 2, values: Float32Array.of(1, Number.NaN, 1, 1) };
    expect(() => fitFamiliarity(train, broken)).toThrow(/finite features/);
    for (const damage of [
      { size: 3 },
      { mean: '?' },
      { factor: textOf(new Float32Array(3)) },
      { threshold: 0 },
    ])
      expect(() => readFamiliarity({ ...familiarity, ...damage })).toThrow(/damaged `familiarity`/);
  });
});

describe('lastFeatures', () => {
  it('gives what the last dense layer sees, where that is a short list', async () => {
    const model = createRobustCnn({ imageShape: [32, 32, 1], seed: 1 });
    const images = tf.randomUniform<tf.Rank.R4>([2, 32, 32, 1], 0, 1, 'float32', 1);
    const values = await featuresOf(lastFeatures(model)!, images);
    expect(values).toHaveLength(2 * 192);
    const [kernel, bias] = model.layers.at(-1)!.getWeights() as [tf.Tensor2D, tf.Tensor1D];
    const expected = tf.tidy(() => (model.predict(images) as tf.Tensor).dataSync());
    const found = tf.tidy(() =>
      tf.softmax(tf.add(tf.matMul(tf.tensor2d(values, [2, 192]), kernel), bias)).dataSync(),
    );
    found.forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at]!, 5);
    });
    images.dispose();
    model.dispose();
    expect(lastFeatures(createCnn({ imageShape: [64, 64, 1], channels: 1 }))).toBeUndefined();
  });
});
