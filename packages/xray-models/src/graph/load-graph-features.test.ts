import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA } from 'xray-core';
import { noise } from '../__fixtures__/formula-weights.js';
import fixture from '../__fixtures__/graph-model.json' with { type: 'json' };
import { NOT_A_MEDICAL_DEVICE } from '../bundle/bundle-metadata.js';
import { loadBundle, saveBundle } from '../bundle/model-bundle.js';
import { createTransferModel } from '../transfer/create-transfer-model.js';
import { splitModel } from '../transfer/split-model.js';
import { weightsOfLayersModel } from '../weights/layer-weights.js';
import { loadGraphFeatures } from './load-graph-features.js';

const { size, featuresNode, features, probabilities } = fixture;
const imageShape = [size, size, 3] as const;
const artifacts = {
  ...fixture.artifacts,
  weightData: Uint8Array.from(Buffer.from(fixture.artifacts.weights, 'base64')).buffer,
} as unknown as tf.io.ModelArtifacts;
const inputRange = [-1, 1] as const;

let before: number;
const models: LayersModel[] = [];
const keep = (model: LayersModel) => {
  models.push(model);
  return model;
};
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

/** The images that scripts/make-graph-model.py gave to TensorFlow, a light and a dark one, in [0, 1]. */
function outputsOf(model: LayersModel): number[][] {
  const half = size * size * 3;
  const pixels = Float32Array.from(noise(2 * half, 7), (value, at) =>
    at < half ? value + 0.5 : (value + 0.5) ** 4,
  );
  return tf.tidy(() => (model.predict(tf.tensor4d(pixels, [2, size, size, 3])) as tf.Tensor2D).arraySync());
}
function expectClose(found: number[][], expected: number[][]): void {
  expect(found.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  expected.flat().forEach((value, at) => {
    expect(Math.abs(found.flat()[at]! - value)).toBeLessThan(1e-6);
  });
}

describe('loadGraphFeatures', () => {
  it('gives what TensorFlow gives, at the output and at a node before it', async () => {
    const whole = keep(await loadGraphFeatures(artifacts, { imageShape, inputRange }));
    expectClose(outputsOf(whole), probabilities);
    expect(whole.outputShape).toEqual([null, 3]);
    const front = keep(await loadGraphFeatures(artifacts, { imageShape, inputRange, output: featuresNode }));
    expectClose(outputsOf(front), features);
    // The classifier is left away.
    expect(whole.countParams() - front.countParams()).toBe(6 * 3);
    expect(front.trainableWeights).toEqual([]);
  });

  it('is a base: a head trains on it, alone and split, and it stays as it is', async () => {
    const base = await loadGraphFeatures(artifacts, { imageShape, inputRange, output: featuresNode });
    const model = keep(createTransferModel({ base, head: [{ type: 'dense', units: 4 }], seed: 3 }));
    expect(model.trainableWeights.map(({ shape }) => shape)).toEqual([[6, 4], [4], [4, 2], [2]]);
    const { base: front, head } = splitModel(model, 'graph_features');
    expectClose(outputsOf(front), features);
    const behind = tf.tidy(() => (head.predict(tf.tensor2d(outputsOf(front))) as tf.Tensor2D).arraySync());
    expectClose(behind, outputsOf(model));
    head.dispose();

    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
    const images = tf.zeros([2, size, size, 3]);
    const labels = tf.tensor2d([
      [1, 0],
      [0, 1],
    ]);
    const heads = () => model.trainableWeights.map((weight) => Array.from(weight.read().dataSync()));
    const first = heads();
    await model.fit(images, labels, { epochs: 1, verbose: 0 });
    tf.dispose([images, labels]);
    expect(heads()).not.toEqual(first);
    expectClose(outputsOf(front), features);
  });

  it('comes back from a bundle, whose weights are its constants', async () => {
    const base = await loadGraphFeatures(artifacts, { imageShape, inputRange, output: featuresNode });
    const model = keep(createTransferModel({ base, head: [], seed: 3 }));
    const metadata = {
      architecture: 'graph',
      classList: NORMAL_PNEUMONIA,
      input: { height: size, width: size, channels: 3, resize: { height: size, width: size } },
      threshold: { value: 0.5, rule: 'half' },
      training: {},
      metrics: {},
      license: 'NOASSERTION',
      notice: NOT_A_MEDICAL_DEVICE,
    } as const;
    let saved: tf.io.ModelArtifacts | undefined;
    await saveBundle(
      { model, metadata },
      tf.io.withSaveHandler(async (found) => {
        saved = {
          ...JSON.parse(JSON.stringify({ ...found, weightData: undefined })),
          weightData: found.weightData,
        };
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const { model: loaded } = await loadBundle(tf.io.fromMemory(saved!));
    keep(loaded);
    expect(outputsOf(loaded)).toEqual(outputsOf(model));
  });

  it('repeats gray images', async () => {
    const model = keep(await loadGraphFeatures(artifacts, { imageShape: [size, size, 1] }));
    expect(model.inputs[0]!.shape).toEqual([null, size, size, 1]);
    expect(model.outputShape).toEqual([null, 3]);
  });

  it('explains what it cannot use', async () => {
    await expect(loadGraphFeatures({ format: 'layers-model', modelTopology: {} }, {})).rejects.toThrow(
      '`artifacts` must be a graph model. Received: "layers-model".',
    );
    await expect(loadGraphFeatures(artifacts, { imageShape: [20, 20, 3] })).rejects.toThrow(
      'images [batch, 20, 20, 3]',
    );
    await expect(loadGraphFeatures(artifacts, { imageShape, output: 'mixed10' })).rejects.toThrow(
      "The output 'mixed10' is not found in the graph",
    );
    await expect(loadGraphFeatures(artifacts, { imageShape, output: 'Pad/paddings' })).rejects.toThrow(
      'a node that gives features for each image',
    );
    await expect(loadGraphFeatures(artifacts, { imageShape, inputRange: [1, 0] })).rejects.toThrow(
      '`inputRange`',
    );
    expect(() => weightsOfLayersModel(artifacts)).toThrow('`loadGraphFeatures`');
    const truncated = tf.io.CompositeArrayBuffer.join(artifacts.weightData!).slice(0, -4);
    await expect(loadGraphFeatures({ ...artifacts, weightData: truncated }, { imageShape })).rejects.toThrow(
      /bytes of weights that it lists.*truncated/,
    );
  });
});
