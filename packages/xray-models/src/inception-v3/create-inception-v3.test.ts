import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectKerasOutputs, noise } from '../__fixtures__/formula-weights.js';
import reference from '../__fixtures__/inception-v3-reference.json' with { type: 'json' };
import { describeModel } from '../describe-model.js';
import { createInceptionV3 } from './create-inception-v3.js';

describe('createInceptionV3', () => {
  it.each([
    [{ imageShape: [224, 224, 3] }, 21_802_784, [null, 5, 5, 2048]],
    [{ imageShape: [299, 299, 1] }, 21_802_784, [null, 8, 8, 2048]],
    [{ imageShape: [75, 75, 3], pooling: 'average' }, 21_802_784, [null, 2048]],
    [{ imageShape: [299, 299, 3], includeTop: true }, 23_851_784, [null, 1000]],
  ] as const)('with %j has %i parameters and gives %j', (options, parameters, outputShape) => {
    const model = createInceptionV3(options);
    expect([model.countParams(), model.outputShape]).toEqual([parameters, outputShape]);
    model.dispose();
  });

  it("names its layers as Keras' weight files do", () => {
    const model = createInceptionV3({ imageShape: [96, 96, 1] });
    const { layers } = describeModel(model);
    const numbered = (name: string) => Array.from({ length: 94 }, (_, index) => `${name}_${index + 1}`);
    const names = layers.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('conv2d_')).toSorted()).toEqual(
      numbered('conv2d').toSorted(),
    );
    expect(names.filter((name) => name.startsWith('batch_norm')).toSorted()).toEqual(
      numbered('batch_normalization').toSorted(),
    );
    expect(names).toEqual(expect.arrayContaining(Array.from({ length: 11 }, (_, index) => `mixed${index}`)));
    // conv2d_94 and its batch norm: 1x1 of 2048 channels, batch norm without scale.
    expect(layers.find(({ name }) => name === 'conv2d_94')!.parameters).toBe(2048 * 192);
    expect(layers.find(({ name }) => name === 'batch_normalization_94')!.parameters).toBe(3 * 192);
    model.dispose();
  });

  it("gives what Keras' network gives with the same weights", () => {
    const model = createInceptionV3({ imageShape: [reference.size, reference.size, 3] });
    expectKerasOutputs(model, reference);
    model.dispose();
  });

  it('rescales [0, 1] to [-1, 1] inside the graph, or not, and repeats gray images', () => {
    const options = { pooling: 'average', seed: 3 } as const;
    const gray = createInceptionV3({ ...options, imageShape: [75, 75, 1] });
    const raw = createInceptionV3({ ...options, imageShape: [75, 75, 3], rescale: false });
    tf.tidy(() => {
      const images = tf.tensor4d(
        Float32Array.from(noise(75 * 75, 3), (value) => value + 0.5),
        [1, 75, 75, 1],
      );
      const ofGray = (gray.predict(images) as tf.Tensor).dataSync();
      const scaled = tf.sub(tf.mul(tf.concat([images, images, images], 3), 2), 1);
      const ofScaled = (raw.predict(scaled) as tf.Tensor).dataSync();
      ofGray.forEach((value, at) => {
        expect(value).toBeCloseTo(ofScaled[at]!, 5);
      });
    });
    gray.dispose();
    raw.dispose();
  });

  it('explains what it cannot build', () => {
    expect(() => createInceptionV3({ imageShape: [74, 99, 1] })).toThrow('at least 75x75 whole pixels');
    expect(() => createInceptionV3({ includeTop: true, classes: 1 })).toThrow('`classes`');
    expect(() => createInceptionV3({ pooling: 'mean' as 'max' })).toThrow("'none', 'average' or 'max'");
  });
});
