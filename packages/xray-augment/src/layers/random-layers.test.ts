import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import {
  CenterCrop,
  RandomBrightness,
  RandomContrast,
  RandomFlip,
  RandomRotation,
  RandomTranslation,
  RandomZoom,
  Resizing,
} from './index.js';

const LAYERS = {
  RandomFlip: () => new RandomFlip({ name: 'layer', seed: 3 }),
  RandomRotation: () => new RandomRotation({ name: 'layer', seed: 3, factor: 0.2 }),
  RandomZoom: () => new RandomZoom({ name: 'layer', seed: 3, heightFactor: 0.4, widthFactor: 0.3 }),
  RandomTranslation: () =>
    new RandomTranslation({ name: 'layer', seed: 3, heightFactor: 0.4, widthFactor: 0.3 }),
  RandomContrast: () => new RandomContrast({ name: 'layer', seed: 3, factor: 0.9, valueRange: [-9, 9] }),
  RandomBrightness: () => new RandomBrightness({ name: 'layer', seed: 3, factor: 0.5, valueRange: [-9, 9] }),
} as const;

const count = 8;
const random = createRandom(5);
const values = Float32Array.from({ length: count * 6 * 5 * 2 }, () => random.uniform());
const images = () => tf.tensor4d(values, [count, 6, 5, 2]);
/** Values of each image. */
const rows = (tensor: tf.Tensor) => tf.reshape(tensor, [tensor.shape[0]!, -1]).arraySync() as number[][];

describe.each(Object.entries(LAYERS))('%s', (_, create) => {
  const run = (step: number, training = true, input = images()) =>
    tf.tidy(() => {
      const layer = create();
      layer.beginTrainingStep({ step, sampleOffset: 0 });
      return rows(layer.call(input, { training }) as tf.Tensor);
    });

  it('leaves images alone outside of training', () => {
    expect(run(0, false)).toEqual(rows(images()));
  });

  it('draws anew for every step and image, and the same again', () => {
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
    const same = tf.tidy(() => tf.tile(tf.slice(images(), 0, 1), [count, 1, 1, 1]));
    expect(new Set(run(3, true, same).map(String)).size).toBeGreaterThan(1);
  });

  it('draws for a micro-batch what it draws for the whole batch', () => {
    const layer = create();
    layer.beginTrainingStep({ step: 3, sampleOffset: 5 });
    const part = tf.slice(images(), [5, 0, 0, 0], [3, -1, -1, -1]);
    expect(rows(layer.call(part, { training: true }) as tf.Tensor)).toEqual(run(3).slice(5));
  });

  it('takes every call for a step where no loop counts them', () => {
    const layer = create();
    const [first, second] = [1, 2].map(() => rows(layer.call(images(), { training: true }) as tf.Tensor));
    expect(first).not.toEqual(second);
  });

  it('leaks nothing', () => {
    const input = images();
    const layer = create();
    const before = tf.memory().numTensors;
    (layer.call(input, { training: true }) as tf.Tensor).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('gradients', () => {
  const cases: Record<string, () => { call(x: tf.Tensor, kwargs: { training: boolean }): unknown }> = {
    ...LAYERS,
    'RandomRotation, wrap': () => new RandomRotation({ factor: 0.2, fillMode: 'wrap' }),
    'RandomZoom, constant': () =>
      new RandomZoom({ heightFactor: [0.5, 0.7], fillMode: 'constant', fillValue: 2 }),
    'RandomTranslation, nearest': () =>
      new RandomTranslation({
        heightFactor: 0.3,
        widthFactor: 0.3,
        fillMode: 'nearest',
        interpolation: 'nearest',
      }),
    Resizing: () => new Resizing({ height: 4, width: 9 }),
    'Resizing, padded': () => new Resizing({ height: 4, width: 9, padToAspectRatio: true, fillValue: 1 }),
    CenterCrop: () => new CenterCrop({ height: 3, width: 3 }),
    'CenterCrop of what is too small': () => new CenterCrop({ height: 8, width: 3 }),
  };

  it.each(Object.entries(cases))('of %s are those of finite differences', (_, create) => {
    tf.tidy(() => {
      const layer = create();
      if ('beginTrainingStep' in layer) (layer as RandomFlip).beginTrainingStep({ step: 1, sampleOffset: 0 });
      const weigh = (x: tf.Tensor) => {
        const y = layer.call(x, { training: true }) as tf.Tensor;
        // Another weight for every value, so that no mistake cancels out.
        const weights = tf.reshape(tf.sin(tf.range(0, y.size)), y.shape);
        return tf.sum(tf.mul(y, weights)) as tf.Scalar;
      };
      const x = tf.slice(images(), 0, 2);
      const gradient = tf.grad(weigh)(x).dataSync();
      const pixels = x.dataSync();
      for (let at = 0; at < pixels.length; at += 7) {
        const at1 = (step: number) =>
          weigh(
            tf.tensor4d(
              pixels.map((value, index) => (index === at ? value + step : value)),
              x.shape,
            ),
          );
        const slope = (at1(0.01).dataSync()[0]! - at1(-0.01).dataSync()[0]!) / 0.02;
        expect(Math.abs(gradient[at]! - slope)).toBeLessThan(2e-3);
      }
    });
  });
});

describe('RandomFlip', () => {
  it.each([
    ['horizontal', [2]],
    ['vertical', [1]],
  ] as const)('mirrors about half of the images: %s', (mode, axis) => {
    tf.tidy(() => {
      const one = tf.slice(images(), 0, 1);
      const many = tf.tile(one, [200, 1, 1, 1]);
      const [kept, mirrored] = [rows(one)[0], rows(tf.reverse(one, [...axis]))[0]].map(String);
      const results = rows(new RandomFlip({ mode }).call(many, { training: true }) as tf.Tensor).map(String);
      expect(results.every((result) => result === kept || result === mirrored)).toBe(true);
      const share = results.filter((result) => result === mirrored).length / 200;
      expect(Math.abs(share - 0.5)).toBeLessThan(0.15); // more than four standard deviations
    });
  });

  it('mirrors in each direction by itself', () => {
    tf.tidy(() => {
      const many = tf.tile(tf.slice(images(), 0, 1), [60, 1, 1, 1]);
      const results = rows(new RandomFlip().call(many, { training: true }) as tf.Tensor).map(String);
      expect(new Set(results).size).toBe(4);
    });
  });
});
