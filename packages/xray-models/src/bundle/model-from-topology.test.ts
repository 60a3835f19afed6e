import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createCnn } from '../cnn/create-cnn.js';
import { Dropout } from '../layers/dropout.js';
import { modelFromTopology } from './model-from-topology.js';

describe('modelFromTopology', () => {
  it('builds the same network, with its own layers, that takes the weights', async () => {
    const before = tf.memory().numTensors;
    const model = createCnn({ imageShape: [24, 24, 1], filters: [4], seed: 7 });
    // As it arrives in a worker: plain data.
    const copy = await modelFromTopology(structuredClone(model.toJSON(null, false)) as unknown as object);
    copy.setWeights(model.getWeights());

    const kept = copy.layers.find(({ name }) => name === 'dropout');
    expect(kept).toBeInstanceOf(Dropout);
    expect(kept!.getConfig()).toEqual(model.getLayer('dropout').getConfig());
    tf.tidy(() => {
      const images = tf.randomUniform([3, 24, 24, 1], 0, 1, 'float32', 5);
      const [expected, actual] = [model, copy].map((each) => (each.predict(images) as tf.Tensor).dataSync());
      expect(actual).toEqual(expected);
    });
    model.dispose();
    copy.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
