import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { describeModel } from '../describe-model.js';
import { createCnn } from './create-cnn.js';

const weightsOf = (model: LayersModel) => model.getWeights().map((weight) => Array.from(weight.dataSync()));

describe('createCnn', () => {
  it("is the study's network by default", () => {
    const model = createCnn();
    const { layers, parameters, trainableParameters } = describeModel(model);

    expect(layers.map(({ outputShape }) => outputShape.slice(1).join('x'))).toEqual([
      '224x224x1',
      '224x224x3',
      '222x222x32',
      '111x111x32',
      '109x109x64',
      '54x54x64',
      '52x52x128',
      '26x26x128',
      '86528',
      '86528',
      '2',
    ]);
    expect([parameters, trainableParameters]).toEqual([266_306, 266_306]);
    model.dispose();
  });

  it.each([
    [{ classes: 3 }, 352_835],
    [{ imageShape: [224, 224, 3] }, 266_306],
    [{ channels: 1 }, 266_306 - 2 * 9 * 32],
  ] as const)('with %j has %i parameters', (options, parameters) => {
    const model = createCnn(options);
    expect(model.countParams()).toBe(parameters);
    model.dispose();
  });

  it.each([
    [1, 1],
    [1, 3],
    [3, 3],
  ] as const)('maps images of %i channels to probabilities through %i channels', (given, channels) => {
    const model = createCnn({ imageShape: [24, 30, given], channels, filters: [4, 8], classes: 3 });
    tf.tidy(() => {
      const output = model.predict(tf.randomUniform([5, 24, 30, given], 0, 1, 'float32', 1)) as tf.Tensor2D;
      expect(output.shape).toEqual([5, 3]);
      for (const row of output.arraySync()) {
        expect(row.every((probability) => probability >= 0 && probability <= 1)).toBe(true);
        expect(row.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 6);
      }
    });
    model.dispose();
  });

  it('sees a gray image as an RGB one with three equal channels', () => {
    const gray = createCnn({ imageShape: [16, 16, 1], filters: [4] });
    const color = createCnn({ imageShape: [16, 16, 3], filters: [4] });
    tf.tidy(() => {
      const images = tf.randomUniform([2, 16, 16, 1], 0, 1, 'float32', 3);
      const fromGray = (gray.predict(images) as tf.Tensor).dataSync();
      const fromColor = (color.predict(tf.concat([images, images, images], 3)) as tf.Tensor).dataSync();
      expect(Array.from(fromGray)).toEqual(Array.from(fromColor));
    });
    gray.dispose();
    color.dispose();
  });

  it('starts from weights that the seed and the layer decide', () => {
    const [first, second, other] = [7, 7, 8].map((seed) =>
      createCnn({ imageShape: [24, 24, 1], filters: [4, 4], seed }),
    ) as [LayersModel, LayersModel, LayersModel];

    expect(weightsOf(first)).toEqual(weightsOf(second));
    expect(weightsOf(first)[0]).not.toEqual(weightsOf(other)[0]);
    const limit = Math.sqrt(6 / (9 * 3 + 9 * 4)); // Glorot & Bengio 2010, equation 16
    const kernel = weightsOf(first)[0]!;
    expect(Math.max(...kernel.map(Math.abs))).toBeLessThanOrEqual(limit);
    expect(Math.max(...kernel.map(Math.abs))).toBeGreaterThan(limit * 0.8);
    for (const model of [first, second, other]) model.dispose();
  });

  it('gives every tensor back on dispose', () => {
    const before = tf.memory().numTensors;
    createCnn({ imageShape: [24, 24, 1], filters: [4, 4] }).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('works at its smallest size and explains smaller ones', () => {
    createCnn({ imageShape: [22, 22, 1] }).dispose();
    expect(() => createCnn({ imageShape: [21, 22, 1] })).toThrow(
      '`imageShape` must be at least 22x22 whole pixels for this model. Received: [21,22,1].',
    );
  });

  it('names options that are out of range', () => {
    expect(() => createCnn({ classes: 1 })).toThrow(
      '`classes` must be an integer of at least 2. Received: 1.',
    );
    expect(() => createCnn({ filters: [] })).toThrow('`filters` must be a list of positive integers');
    expect(() => createCnn({ imageShape: [32, 32, 3], channels: 1 })).toThrow(
      'Make the batches gray instead',
    );
    expect(() => createCnn({ imageShape: [32, 32, 4 as 3] })).toThrow(
      '`imageShape[2]` must be 1 (gray) or 3',
    );
    expect(() => createCnn({ dropoutRate: 1 })).toThrow('`rate` must be a share in [0, 1). Received: 1.');
  });
});
