import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toyModel, toySource } from './__fixtures__/toy-problem.js';
import { predict } from './predict.js';
import { train } from './train.js';
import type { TrainOptions } from './train-options.js';

const source = toySource({ sampleCount: 8, batchSize: 4, seed: 1 });
const given = { train: source, validation: source, epochs: 1, seed: 7 };
const networkOf = (size: number, activation: 'softmax' | 'linear'): LayersModel =>
  sequential({
    layers: [
      layers.flatten({ inputShape: [size, size, 1] }),
      layers.dense({ units: 2, activation, biasInitializer: 'ones' }),
    ],
  });

let tensors: number;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

describe('train refuses', () => {
  const trainWith = async (options: object, model = toyModel()) => {
    const trained: unknown[] = [];
    const onProgress = ({ type }: { type: string }) => type === 'batch-end' && trained.push(type);
    try {
      await train({ ...given, model, onProgress, ...options } as unknown as TrainOptions);
    } finally {
      model.dispose();
      expect(trained).toEqual([]); // before the first step
    }
  };
  it.each([
    [{ loss: 'mse' }, /`loss` must be left out: train has no such option\. It has model, train, validation/],
    [{ validation: undefined }, /`validation` must be a source of batches, as `createBatches`/],
    [{ train: [] }, /`train` must be a source of batches/],
    [{ optimizer: 'adam' }, /`optimizer` must be adam\(\), adamW\(\.\.\.\) or sgd.*Received: "adam"/],
  ])('%o', async (options, message) => {
    await expect(trainWith(options)).rejects.toThrow(message);
  });

  it('an optimizer of TensorFlow.js', async () => {
    const optimizer = tf.train.adam();
    await expect(trainWith({ optimizer })).rejects.toThrow(/Received: "AdamOptimizer"/);
    optimizer.dispose();
  });

  it('a model that gives logits, or takes images of another size', async () => {
    await expect(trainWith({}, networkOf(4, 'linear'))).rejects.toThrow(
      /`model` must be a model that gives probabilities.*Received: \[1,1\]\. .*softmax/,
    );
    await expect(trainWith({}, networkOf(5, 'softmax'))).rejects.toThrow(
      '`images` must be of the size 5x5x1, which the model takes. Received: "4x4x1".',
    );
  });
});

it('predict refuses images of another size', async () => {
  const model = networkOf(6, 'softmax');
  await expect(predict(model, source)).rejects.toThrow(/of the size 6x6x1.*"4x4x1"/);
  model.dispose();
});
