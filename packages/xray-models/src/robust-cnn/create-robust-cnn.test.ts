import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { models } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { modelFromTopology } from '../bundle/model-from-topology.js';
import { describeModel } from '../describe-model.js';
import { createRobustCnn } from './create-robust-cnn.js';

const small = { imageShape: [16, 12, 1], filters: [4, 6], seed: 3 } as const;
const images = () => tf.randomUniform([3, 16, 12, 1], 0.2, 0.7, 'float32', 1);

describe('createRobustCnn', () => {
  it('has the shapes and the parameters that it says', () => {
    const model = createRobustCnn();
    const { layers, parameters, trainableParameters } = describeModel(model);
    const pooled = layers.filter(({ name }) => name.endsWith('_pool'));
    expect(pooled.map(({ outputShape }) => outputShape.slice(1).join('x'))).toEqual([
      '48x48x32',
      '24x24x48',
      '12x12x96',
      '6x6x128',
      '3x3x192',
    ]);
    expect([parameters, trainableParameters]).toEqual([389_730, 388_738]);
    model.dispose();
  });

  it('gives the same answer however bright and contrasted an image is', () => {
    const model = createRobustCnn(small);
    tf.tidy(() => {
      const plain = model.predict(images()) as tf.Tensor;
      const changed = model.predict(tf.add(tf.mul(images(), 0.3), 0.5)) as tf.Tensor;
      const otherwise = createRobustCnn({ ...small, standardize: false });
      const [a, b] = [images(), tf.add(tf.mul(images(), 0.3), 0.5)].map(
        (x) => otherwise.predict(x) as tf.Tensor,
      );
      expect(tf.max(tf.abs(tf.sub(plain, changed))).dataSync()[0]).toBeLessThan(1e-4);
      expect(tf.max(tf.abs(tf.sub(a!, b!))).dataSync()[0]).toBeGreaterThan(1e-3);
      otherwise.dispose();
    });
    model.dispose();
  });

  it('gives probabilities for an image of one value', () => {
    const model = createRobustCnn(small);
    tf.tidy(() => {
      const [row] = (model.predict(tf.fill([1, 16, 12, 1], 0.5)) as tf.Tensor2D).arraySync();
      expect(row![0]! + row![1]!).toBeCloseTo(1, 6);
    });
    model.dispose();
  });

  it('is loaded by plain TensorFlow.js, with the same answers', async () => {
    const model = createRobustCnn(small);
    const artifacts = await new Promise<tf.io.ModelArtifacts>((resolve) => {
      void model.save(
        tf.io.withSaveHandler(async (saved) => {
          resolve(saved);
          return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
        }),
      );
    });
    const plain = await models.modelFromJSON({
      modelTopology: artifacts.modelTopology as never,
      weightsManifest: undefined as never,
    });
    const own = await modelFromTopology(artifacts.modelTopology as object);
    for (const copy of [plain, own]) copy.setWeights(model.getWeights());
    tf.tidy(() => {
      const [expected, ...found] = [model, plain, own].map((each) =>
        (each.predict(images()) as tf.Tensor).dataSync(),
      );
      for (const values of found) {
        expected!.forEach((value, at) => {
          expect(values[at]).toBeCloseTo(value, 5);
        });
      }
    });
    for (const each of [model, plain, own]) each.dispose();
  });

  it('names options that are out of range', () => {
    expect(() => createRobustCnn({ classes: 1 })).toThrow('`classes` must be an integer of at least 2.');
    expect(() => createRobustCnn({ filters: [8, 0] })).toThrow(
      '`filters` must be a list of positive integers',
    );
    expect(() => createRobustCnn({ imageShape: [31, 96, 1] })).toThrow('must be at least 32x32');
  });
});
