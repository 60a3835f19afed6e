import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel, model as modelOf, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createInceptionV3, loadPretrainedWeights, weightsOfLayersModel } from 'xray-models';
import { selectDevice } from 'xray-node-gpu';
import { fuse } from 'xray-wasm';
import { readNsfwjsInception } from './nsfwjs.js';

beforeAll(async () => {
  await selectDevice({ require: 'wasm' });
});

describe('the InceptionV3 of nsfwjs', () => {
  it('gives the same features in plain TensorFlow.js and in our network, fused or not', async () => {
    const artifacts = readNsfwjsInception();
    const plain = await loadLayersModel(tf.io.fromMemory(artifacts));
    const features = modelOf({
      inputs: plain.inputs,
      outputs: plain.getLayer('mixed10').output as SymbolicTensor,
    });
    const own = createInceptionV3({ imageShape: [299, 299, 3], rescale: false });
    const { loaded, missing, unused } = loadPretrainedWeights(own, weightsOfLayersModel(artifacts));
    expect([loaded.length, missing, unused]).toEqual([188, [], ['dense_1', 'dense_2', 'dense_3']]);

    tf.tidy(() => {
      const images = tf.randomUniform([1, 299, 299, 3], -1, 1, 'float32', 5) as tf.Tensor4D;
      const expected = features.predict(images) as tf.Tensor;
      const largest = tf.max(tf.abs(expected)).dataSync()[0]!;
      expect(largest).toBeGreaterThan(0.1);
      const results = [own.predict(images) as tf.Tensor, fuse(own)(images, { training: false }) as tf.Tensor];
      const differences = results.map(
        (result) => tf.max(tf.abs(tf.sub(result, expected))).dataSync()[0]! / largest,
      );
      expect(differences[0]).toBeLessThan(1e-5);
      expect(differences[1]).toBeLessThan(1e-4); // other rounding: batch norm is folded into the convolutions
    });
    own.dispose();
    plain.dispose();
  });
});
