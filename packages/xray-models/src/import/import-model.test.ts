import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { classListOf, type DecodedImage, NORMAL_BACTERIAL_VIRAL, NORMAL_PNEUMONIA } from 'xray-core';
import { noise } from '../__fixtures__/formula-weights.js';
import reference from '../__fixtures__/keras/sigmoid/reference.json' with { type: 'json' };
import { memoryHandler } from '../__fixtures__/memory-handler.js';
import { classify } from '../bundle/classify.js';
import { loadBundle, saveBundle } from '../bundle/model-bundle.js';
import { createCnn } from '../cnn/create-cnn.js';
import { loadKerasModel } from '../keras/load-keras-model.js';
import { BatchNormalization } from '../layers/batch-normalization.js';
import { adaptModel } from './adapt-model.js';
import { importModel } from './import-model.js';

const folder = new URL('../__fixtures__/keras/sigmoid/', import.meta.url);
const keras = (name: string) =>
  loadKerasModel({ name, bytes: new Uint8Array(readFileSync(new URL(name, folder))) });

const models: LayersModel[] = [];
const keep = <T extends LayersModel>(model: T): T => {
  models.push(model);
  return model;
};
let tensorsBefore: number;
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
  expect(tf.memory().numTensors).toBe(tensorsBefore);
});

/** The images that scripts/make-sigmoid-model.py gave to Keras. */
function kerasImages(): tf.Tensor4D {
  const { size } = reference;
  const pixels = Float32Array.from(noise(2 * size * size, 7), (value, at) =>
    at < size * size ? value + 0.5 : (value + 0.5) ** 4,
  );
  return tf.tensor4d(pixels, [2, size, size, 1]);
}

const rowsOf = (model: LayersModel, images = kerasImages) =>
  tf.tidy(() => (model.predict(images()) as tf.Tensor2D).arraySync());

function expectRows(found: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  expect(found.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  expected.flat().forEach((value, at) => {
    expect(Math.abs(found.flat()[at]! - value)).toBeLessThan(2e-6);
  });
}

describe('a Keras model with one sigmoid output', () => {
  const options = { labels: ['pneumonia'], inputRange: [0, 1] } as const;

  it.each(['sigmoid.h5', 'sigmoid.keras'])('gives two classes of what Keras gives: %s', async (name) => {
    const bundle = await importModel(await keras(name), options);
    keep(bundle.model);
    expect(bundle.metadata.classList).toBe(NORMAL_PNEUMONIA);
    expectRows(
      rowsOf(bundle.model),
      reference.sigmoid.map((p) => [1 - p, p]),
    );
    expect(bundle.assumptions).toEqual([
      'Images become 12x12 pixels (height x width), gray, as the model says: stretched to it, as assumed.',
      'Black is 0 and white is 1 to the model, as declared.',
      'Its one output is the probability of pneumonia; classes are normal, pneumonia, normal the negative one.',
      'Pneumonia is called from 0.5 on: nothing was chosen on images.',
    ]);
  });

  it('comes back from a bundle, also in plain TensorFlow.js, and classifies', async () => {
    const bundle = await importModel(await keras('sigmoid.h5'), options);
    keep(bundle.model);
    const { handler } = memoryHandler();
    await saveBundle(bundle, handler);
    const loaded = await loadBundle(handler);
    for (const model of [loaded.model, await loadLayersModel(handler)])
      expect(rowsOf(keep(model))).toEqual(rowsOf(bundle.model));
    const image: DecodedImage = { pixels: new Uint8Array(400).fill(80), height: 20, width: 20, channels: 1 };
    const [result] = await classify(loaded, [image]);
    expect(result!.probabilities.normal! + result!.probabilities.pneumonia!).toBeCloseTo(1, 6);
  });

  it('may be the probability of the negative class', async () => {
    const bundle = await importModel(await keras('sigmoid.h5'), { ...options, labels: ['NORMAL'] });
    keep(bundle.model);
    expectRows(
      rowsOf(bundle.model),
      reference.sigmoid.map((p) => [p, 1 - p]),
    );
  });

  it('trains on two classes as Keras does on one output', async () => {
    const { model } = await importModel(await keras('sigmoid.h5'), options);
    keep(model);
    const optimizer = tf.train.sgd(reference.rate);
    model.compile({ optimizer, loss: 'categoricalCrossentropy' });
    const [images, labels] = [kerasImages(), tf.tensor2d([1, 0, 0, 1], [2, 2])];
    for (const loss of reference.losses)
      expect(Math.abs(Number(await model.trainOnBatch(images, labels)) - loss)).toBeLessThan(1e-5);
    tf.dispose([images, labels]);
    optimizer.dispose();
  });

  it('has to be told which class that is', async () => {
    const model = keep(await keras('sigmoid.h5'));
    await expect(importModel(model, { ...options, labels: ['NORMAL', 'PNEUMONIA'] })).rejects.toThrow(
      "Name the one class whose probability it is, such as `['pneumonia']`.",
    );
    await expect(importModel(model, { ...options, labels: ['covid'] })).rejects.toThrow(
      '`classList` must be given',
    );
    expect(rowsOf(model)).toHaveLength(2); // and is as it was
  });
});

describe('outputs in another order and pixels in another range', () => {
  it('become those of the class list, from folder names as Keras sorts them', async () => {
    const labels = JSON.stringify({ BACTERIA: 0, NORMAL: 1, VIRUS: 2 });
    const bundle = await importModel(await keras('alphabet.h5'), { labels, inputRange: [0, 255] });
    keep(bundle.model);
    expect(bundle.metadata.classList).toBe(NORMAL_BACTERIAL_VIRAL);
    expectRows(
      rowsOf(bundle.model),
      reference.alphabet.map(([bacterial, normal, viral]) => [normal!, bacterial!, viral!]),
    );
    expect(bundle.assumptions[2]).toBe(
      'Its outputs are BACTERIA (bacterial), NORMAL (normal), VIRUS (viral); classes are normal, bacterial, viral, normal the negative one.',
    );
  });

  it('take a mean and a standard deviation for each channel', async () => {
    const mean = [0.485, 0.456, 0.406];
    const std = [0.229, 0.224, 0.225];
    const images = () => tf.randomUniform([2, 24, 24, 3], 0, 1, 'float32', 3) as tf.Tensor4D;
    const network = () => createCnn({ imageShape: [24, 24, 3], filters: [4], seed: 3 });
    const plain = keep(network());
    const expected = tf.tidy(() =>
      (plain.predict(tf.div(tf.sub(images(), mean), std)) as tf.Tensor2D).arraySync(),
    );
    const names = ['normal', 'pneumonia'];
    const model = adaptModel(network(), {
      classList: NORMAL_PNEUMONIA,
      outputs: names,
      normalization: { mean, std },
    });
    expectRows(rowsOf(keep(model), images), expected);
    expect(model.getLayer('normalization').trainable).toBe(false);
  });

  it('are never assumed', async () => {
    const model = keep(await keras('alphabet.h5'));
    const labels = ['bacterial', 'normal', 'viral'];
    const both = { inputRange: [0, 1], normalization: { mean: [0], std: [1] } } as const;
    for (const values of [{}, both])
      await expect(importModel(model, { labels, ...values })).rejects.toThrow(
        '`inputRange` must be the values that the model was trained to see black and white as',
      );
    await expect(importModel(model, { labels, normalization: { mean: [0], std: [0] } })).rejects.toThrow(
      'std above 0',
    );
    await expect(importModel(model, { labels, inputRange: [1, 1] })).rejects.toThrow('such as [-1, 1]');
    await expect(importModel(model, { labels: ['a', 'b', 'c'], inputRange: [0, 1] })).rejects.toThrow(
      'nothing says which of these labels means no pneumonia',
    );
    await expect(importModel(model, { labels: ['normal', 'covid'], inputRange: [0, 1] })).rejects.toThrow(
      '`outputs` must be a class for each output of the model, which gives [batch, 3]',
    );
  });

  it('finds logits, and makes probabilities of them when told to', async () => {
    const logits = () =>
      sequential({
        layers: [
          layers.flatten({ inputShape: [4, 4, 1] }),
          layers.dense({ units: 2, biasInitializer: 'ones' }),
        ],
      });
    const options = { labels: ['normal', 'pneumonia'], inputRange: [0, 1] } as const;
    await expect(importModel(logits(), options)).rejects.toThrow('it gives logits');
    const { model } = await importModel(logits(), { ...options, logits: true });
    keep(model);
    const images = () => tf.zeros([1, 4, 4, 1]) as tf.Tensor4D;
    expectRows(rowsOf(model, images), [[0.5, 0.5]]);
  });
});

describe('an export of Teachable Machine', () => {
  /** Models within a model, as it writes them, with batch norm in the first. */
  const exported = () => {
    const features = sequential({
      layers: [
        layers.conv2d({ inputShape: [24, 24, 3], filters: 4, kernelSize: 3, name: 'conv' }),
        layers.batchNormalization({ name: 'norm' }),
        layers.globalAveragePooling2d({ name: 'pool' }),
      ],
    });
    const head = sequential({
      layers: [
        layers.dense({ units: 5, activation: 'relu', inputShape: [4], name: 'dense_Dense1' }),
        layers.dense({ units: 2, activation: 'softmax', useBias: false, name: 'dense_Dense2' }),
      ],
    });
    return sequential({ layers: [features, head] });
  };
  const labels = JSON.stringify({
    tfjsVersion: '1.7.4',
    tmVersion: '2.4.10',
    packageVersion: '0.8.5',
    packageName: '@teachablemachine/image',
    userMetadata: {},
    modelName: 'tm-my-image-model',
    labels: ['Pneumonia', 'Normal'],
    imageSize: 24,
  });

  it('becomes a bundle by one call, with pixels in [-1, 1] and the middle of images', async () => {
    const { handler } = memoryHandler();
    const original = exported();
    await original.save(handler);
    const bundle = await importModel(handler, { labels });
    keep(bundle.model);

    expect(bundle.metadata.input).toEqual({
      ...{ height: 24, width: 24, channels: 3 },
      resize: { height: 24, width: 24, fit: 'cover' },
    });
    expect(bundle.assumptions.slice(0, 2)).toEqual([
      'Images become 24x24 pixels (height x width), RGB, as the model says: the middle of them where their shape differs, as Teachable Machine does.',
      'Black is -1 and white is 1 to the model, as Teachable Machine has it.',
    ]);
    const images = () => tf.randomUniform([2, 24, 24, 3], 0, 1, 'float32', 3) as tf.Tensor4D;
    const expected = rowsOf(original, () => tf.tidy(() => tf.sub(tf.mul(images(), 2), 1)));
    original.dispose();
    original.layers.at(-1)!.dispose(); // TensorFlow.js 4.22 forgets one of its two users
    expectRows(
      rowsOf(bundle.model, images),
      expected.map(([pneumonia, normal]) => [normal!, pneumonia!]),
    );
    expect(bundle.model.getLayer('norm')).toBeInstanceOf(BatchNormalization); // flat, and it can be trained
    const again = memoryHandler();
    await saveBundle(bundle, again.handler);
    expect(rowsOf(keep((await loadBundle(again.handler)).model), images)).toEqual(
      rowsOf(bundle.model, images),
    );
    await expect(importModel(again.handler, { labels })).rejects.toThrow('is one already');
  });

  it('keeps labels of its own, the normal one first', async () => {
    const { metadata, model } = await importModel(createCnn({ imageShape: [24, 24, 3], filters: [4] }), {
      labels: '0 Lobar\n1 Healthy\n',
      inputRange: [-1, 1],
    });
    keep(model);
    expect(metadata.classList).toEqual(classListOf(['Healthy', 'Lobar']));
  });
});
