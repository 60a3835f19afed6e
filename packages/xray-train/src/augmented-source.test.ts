import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import type { Augmentation } from 'xray-core';
import { auroc, logLoss, pneumoniaScores, twoClassLabels } from 'xray-metrics';
import { toyModel, toySource } from './__fixtures__/toy-problem.js';
import { augmentedSource } from './augmented-source.js';
import { predict } from './predict.js';
import { train } from './train.js';

const source = toySource({ sampleCount: 10, batchSize: 4, seed: 2, shuffle: false });
const darker =
  (factor: number): Augmentation =>
  ({ images, labels, ids }) => ({ images: tf.mul(images, factor), labels: tf.clone(labels), ids });

it('gives the images changed in each way, named, and leaks nothing', async () => {
  const model = toyModel();
  const both = augmentedSource(source, [
    { name: 'same', augmentation: darker(1) },
    { name: 'dark', augmentation: darker(0) },
  ]);
  const before = tf.memory().numTensors;
  const plain = await predict(model, source);
  const { ids, labels, probabilities } = await predict(model, both);
  expect(tf.memory().numTensors).toBe(before);
  expect(ids).toEqual([...plain.ids.map((id) => `${id} (same)`), ...plain.ids.map((id) => `${id} (dark)`)]);
  expect(ids).toEqual(both.order(0));
  expect(Array.from(labels.subarray(0, 10))).toEqual(Array.from(plain.labels));
  expect(Array.from(probabilities.subarray(0, 20))).toEqual(Array.from(plain.probabilities));
  expect(new Set(probabilities.subarray(20))).toEqual(new Set([0.5])); // all black: no bias, no answer
});

it('keeps the ids where there is one way, and refuses none', () => {
  expect(augmentedSource(source, [{ name: 'dark', augmentation: darker(0.5) }]).order(0)).toEqual(
    source.order(0),
  );
  expect(() => augmentedSource(source, [])).toThrow('`augmentations` must be at least one');
});

it('lets the best epoch be chosen by changed validation images', async () => {
  const dark = augmentedSource(source, [
    { name: 'same', augmentation: darker(1) },
    { name: 'dark', augmentation: darker(0.25) },
  ]);
  const model = toyModel();
  const { history, bestEpoch } = await train({
    ...{ model, train: toySource({ sampleCount: 16, batchSize: 4, seed: 1 }), validation: source },
    ...{ shiftedValidation: dark, epochs: 4, seed: 1, learningRate: 0.05 },
    earlyStopping: { monitor: 'val_shifted_auroc', mode: 'max' },
  });
  const areas = history.map((epoch) => epoch.val_shifted_auroc!);
  expect(bestEpoch).toBe(areas.indexOf(Math.max(...areas)));
  const kept = await predict(model, dark);
  expect(auroc(twoClassLabels(kept), pneumoniaScores(kept))).toBe(areas[bestEpoch]);
  expect(logLoss(kept.labels, kept.probabilities, 2)).toBe(history[bestEpoch]!.val_shifted_loss);
});
