import '@tensorflow/tfjs-backend-cpu';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { KERAS_LAYERS } from 'xray-augment/layers';
import { type Batch, type BatchSource, NORMAL_PNEUMONIA as classList } from 'xray-core';
import { loadKerasModel } from 'xray-models';
import { readFileBytes } from 'xray-models/node';
import { train } from 'xray-train';

const FIXTURES = join(import.meta.dirname, '__fixtures__');

interface Reference {
  readonly images: number[];
  readonly predictions: number[];
}

/** Made by make-keras-model.py: a model with every image layer of Keras that xray-augment knows, and its predictions. */
describe.each([
  ['keras-2.json', 'keras-2.h5'],
  ['keras-3.json', 'keras-3.keras'],
])('%s', (json, file) => {
  const load = async () =>
    loadKerasModel(await readFileBytes(join(FIXTURES, file)), { layers: KERAS_LAYERS });
  const reference = async () => JSON.parse(await readFile(join(FIXTURES, json), 'utf8')) as Reference;

  it('is refused without the layers, by their names', async () => {
    const loaded = loadKerasModel(await readFileBytes(join(FIXTURES, file)));
    await expect(loaded).rejects.toThrow('RandomRotation');
  });

  it('predicts what it predicts in Keras', async () => {
    const { images, predictions } = await reference();
    const model = await load();
    const actual = tf.tidy(() =>
      Array.from((model.predict(tf.tensor4d(images, [4, 12, 10, 1])) as tf.Tensor).dataSync()),
    );
    predictions.forEach((expected, at) => {
      expect(Math.abs(actual[at]! - expected)).toBeLessThan(1e-5);
    });
    model.dispose();
  });

  it('trains, with other images in every step', async () => {
    const { images } = await reference();
    const model = await load();
    const x = tf.tensor4d(images, [4, 12, 10, 1]);
    const inTraining = () =>
      tf.tidy(() => (model.apply(x, { training: true }) as tf.Tensor).dataSync().join());
    expect(inTraining()).not.toBe(inTraining());
    const before = model.getWeights().map((weight) => weight.dataSync().join());
    const tensors = tf.memory().numTensors;
    const source: BatchSource = {
      ...{ classList, sampleCount: 4, batchSize: 4, batchCount: 1, order: () => ['a', 'b', 'c', 'd'] },
      async *epoch(): AsyncGenerator<Batch> {
        const labels = tf.tensor2d([0, 1, 0, 1].map((label) => [1 - label, label]));
        yield { images: tf.clone(x), labels, ids: ['a', 'b', 'c', 'd'] };
      },
    };
    const { history } = await train({
      ...{ model, train: source, validation: source, epochs: 3, seed: 7, learningRate: 0.01 },
      keepWeights: 'last',
    });
    expect(history.map(({ loss }) => Number.isFinite(loss))).toEqual([true, true, true]);
    expect(tf.memory().numTensors).toBe(tensors);
    const after = model.getWeights().map((weight) => weight.dataSync().join());
    after.forEach((values, index) => {
      expect(values).not.toBe(before[index]);
    });
    x.dispose();
    model.dispose();
  });
});
