import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { createCnn } from '../cnn/create-cnn.js';
import { cutModel } from './cut-model.js';
import { freeze, unfreezeFrom } from './freeze.js';
import { splitModel } from './split-model.js';

const newCnn = () => createCnn({ imageShape: [24, 24, 1], filters: [4, 6], seed: 3 });
const imageValues = Float32Array.from({ length: 3 * 24 * 24 }, (_, at) => (at % 17) / 17);
const images = () => tf.tensor4d(imageValues, [3, 24, 24, 1]);
const valuesOf = (model: LayersModel, x: tf.Tensor) =>
  tf.tidy(() => Array.from((model.predict(x) as tf.Tensor).dataSync()));

/** a → b → join and a → join → last. */
function branchedModel(): LayersModel {
  const image = input({ shape: [4], name: 'image' });
  const dense = (name: string) => layers.dense({ units: 3, name });
  const a = dense('a').apply(image) as SymbolicTensor;
  const b = dense('b').apply(a) as SymbolicTensor;
  const joined = layers.add({ name: 'join' }).apply([a, b]) as SymbolicTensor;
  const normalised = layers.batchNormalization({ name: 'norm' }).apply(joined) as SymbolicTensor;
  return modelOf({
    inputs: image,
    outputs: dense('last').apply(normalised) as SymbolicTensor,
    name: 'branched',
  });
}

const trainableLayers = (model: LayersModel) =>
  model.layers.filter(({ weights, trainable }) => weights.length > 0 && trainable).map(({ name }) => name);

describe('cutModel', () => {
  it('gives what the layer gives, and takes the rest away', () => {
    const before = tf.memory().numTensors;
    const model = newCnn();
    const base = cutModel(model, 'block1_pool');
    expect(base.outputShape).toEqual([null, 11, 11, 4]);
    expect(base.countParams()).toBe(9 * 3 * 4 + 4);
    expect(tf.memory().numTensors - before).toBe(2);
    base.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names the layers there are', () => {
    const model = newCnn();
    expect(() => cutModel(model, 'mixed10')).toThrow(
      /a layer of the model.*mixed10.*block2_conv, block2_pool, flatten/s,
    );
    tf.tidy(() => void expect(valuesOf(model, images())).toHaveLength(6));
    model.dispose();
  });
});

describe('splitModel', () => {
  it('composes to the model, shares its weights and leaves it whole', async () => {
    const before = tf.memory().numTensors;
    const model = newCnn();
    const whole = tf.memory().numTensors;
    const { base, head } = splitModel(model, 'block1_pool');
    expect(tf.memory().numTensors).toBe(whole);

    tf.tidy(() => {
      const x = images();
      expect(valuesOf(head, base.predict(x) as tf.Tensor)).toEqual(valuesOf(model, x));
      const last = head.getLayer('probabilities');
      last.setWeights(last.getWeights().map((weight) => tf.mul(weight, 2)));
      expect(valuesOf(head, base.predict(x) as tf.Tensor)).toEqual(valuesOf(model, x));
    });
    expect(model.outputShape).toEqual([null, 2]);
    expect(model.layers.map(({ outputShape }) => outputShape).at(-1)).toEqual([null, 2]);
    head.dispose();
    tf.tidy(() => void expect(valuesOf(model, images())).toHaveLength(6));
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves the topology of the model as it was', () => {
    const model = newCnn();
    const before = JSON.stringify(model.toJSON(null, false));
    splitModel(model, 'block1_pool');
    expect(JSON.stringify(model.toJSON(null, false))).toBe(before);
    model.dispose();
  });

  it('splits where branches meet and nowhere else', () => {
    const model = branchedModel();
    const { base, head } = splitModel(model, 'join');
    tf.tidy(() => {
      const x = tf.randomUniform([2, 4], 0, 1, 'float32', 1);
      expect(valuesOf(head, base.predict(x) as tf.Tensor)).toEqual(valuesOf(model, x));
    });
    expect(() => splitModel(model, 'b')).toThrow('a layer that everything behind it depends on');
    model.dispose();
  });
});

describe('freeze and unfreezeFrom', () => {
  it('freezes all, or all up to a layer', () => {
    const model = branchedModel();
    freeze(model, 'join');
    expect(trainableLayers(model)).toEqual(['norm', 'last']);
    freeze(model);
    expect(model.trainableWeights).toHaveLength(0);
    model.dispose();
  });

  it('trains from a layer on, batch norm only when asked', () => {
    const model = branchedModel();
    unfreezeFrom(model, 'join');
    expect(trainableLayers(model)).toEqual(['last']);
    unfreezeFrom(model, 'join', { batchNorm: true });
    expect(trainableLayers(model)).toEqual(['norm', 'last']);
    unfreezeFrom(model, 'b', { batchNorm: true });
    expect(trainableLayers(model)).toEqual(['b', 'norm', 'last']);
    expect(() => unfreezeFrom(model, 'c')).toThrow('a layer of the model');
    model.dispose();
  });
});
