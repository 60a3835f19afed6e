import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { expect, it } from 'vitest';
import { createCnn } from '../cnn/create-cnn.js';
import { calibrateModel } from './calibrate-model.js';

const images = tf.randomUniform<tf.Rank.R4>([5, 24, 24, 1], 0, 1, 'float32', 3);
const cnn = (classes: number) =>
  createCnn({ classes, imageShape: [24, 24, 1], channels: 1, filters: [4, 8], seed: 2 });
const rowsOf = (model: LayersModel): number[][] =>
  tf.tidy(() => (model.predict(images) as tf.Tensor2D).arraySync());

it.each([
  [2, 0.4],
  [3, 2.5],
])('builds temperature scaling of %d classes into the weights', (classes, temperature) => {
  const model = cnn(classes);
  const expected = rowsOf(model).map((row) => {
    const powers = row.map((probability) => probability ** (1 / temperature)); // Guo et al., equation 9
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  });
  const before = tf.memory().numTensors;
  calibrateModel(model, { method: 'temperature', temperature });
  expect(tf.memory().numTensors).toBe(before);
  rowsOf(model).forEach((row, image) => {
    row.forEach((probability, label) => {
      expect(probability).toBeCloseTo(expected[image]![label]!, 5);
    });
  });
  model.dispose();
});

it('builds Platt scaling into the weights', () => {
  const model = cnn(2);
  const expected = rowsOf(model).map(([normal = 0]) => {
    const logit = Math.log((1 - normal) / normal);
    return 1 / (1 + Math.exp(-(0.7 * logit - 0.3)));
  });
  calibrateModel(model, { method: 'platt', slope: 0.7, intercept: -0.3 });
  rowsOf(model).forEach(([, pneumonia = 0], image) => {
    expect(pneumonia).toBeCloseTo(expected[image]!, 5);
  });
  model.dispose();
});

it('refuses what cannot be built in, and changes nothing', () => {
  const model = cnn(3);
  const rows = rowsOf(model);
  for (const calibrator of [
    { method: 'platt', slope: 1, intercept: 1 },
    { method: 'temperature', temperature: 0 },
    { method: 'platt', slope: -1, intercept: 0 },
  ] as const)
    expect(() => calibrateModel(model, calibrator)).toThrow(/`calibrator` must be/);
  expect(rowsOf(model)).toEqual(rows);
  model.dispose();
  const other = sequential({ layers: [layers.flatten({ inputShape: [24, 24, 1] }), layers.softmax()] });
  expect(() => calibrateModel(other, { method: 'temperature', temperature: 2 })).toThrow(
    /must be one that ends with a dense layer with softmax\. Received: "Softmax /,
  );
});
