import { createHash } from 'node:crypto';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFreezableBatchNorm } from 'xray-core';
import { noise } from './__fixtures__/formula-weights.js';
import { modelFromTopology } from './bundle/model-from-topology.js';
import { createCnn } from './cnn/create-cnn.js';
import { createInceptionV3 } from './inception-v3/create-inception-v3.js';
import { createMobileNetV2 } from './mobilenet-v2/create-mobilenet-v2.js';
import { freeze, unfreezeFrom } from './transfer/freeze.js';

/** Every factory, at its smallest, as a classifier of three classes. */
const FACTORIES: Readonly<Record<string, (options: { seed?: number; channels?: 1 | 3 }) => LayersModel>> = {
  createCnn: ({ seed = 0, channels = 1 }) =>
    createCnn({ imageShape: [24, 30, channels], filters: [4, 6], classes: 3, seed }),
  createInceptionV3: ({ seed = 0, channels = 1 }) =>
    createInceptionV3({ imageShape: [75, 75, channels], includeTop: true, classes: 3, seed }),
  createMobileNetV2: ({ seed = 0, channels = 1 }) =>
    createMobileNetV2({ imageShape: [32, 40, channels], alpha: 0.35, includeTop: true, classes: 3, seed }),
};

function imagesFor(model: LayersModel, count = 2): tf.Tensor4D {
  const shape = [count, ...model.inputs[0]!.shape.slice(1)] as [number, number, number, number];
  return tf.tensor4d(
    Float32Array.from(noise(tf.util.sizeFromShape(shape), 1), (value) => value + 0.5),
    shape,
  );
}
const outputOf = (model: LayersModel): number[] =>
  tf.tidy(() => Array.from((model.predict(imagesFor(model)) as tf.Tensor).dataSync()));
/** Checksum of all weights: comparing 22 million numbers one by one takes a minute. */
function checksumOf(model: LayersModel): string {
  const hash = createHash('sha256');
  for (const weight of model.getWeights()) hash.update(weight.dataSync() as Float32Array);
  return hash.digest('hex');
}

describe.each(Object.entries(FACTORIES))('%s', (_, create) => {
  let tensorsBefore: number;
  const models: LayersModel[] = [];
  const keep = (model: LayersModel): LayersModel => {
    models.push(model);
    return model;
  };
  beforeEach(() => {
    tensorsBefore = tf.memory().numTensors;
  });
  afterEach(() => {
    for (const model of models.splice(0)) model.dispose();
    expect(tf.memory().numTensors).toBe(tensorsBefore);
  });

  it('gives probabilities for gray and RGB images', () => {
    for (const channels of [1, 3] as const) {
      const model = keep(create({ channels }));
      expect(model.outputShape).toEqual([null, 3]);
      const values = outputOf(model);
      expect(values).toHaveLength(6);
      for (const row of [values.slice(0, 3), values.slice(3)]) {
        expect(row.every((value) => value >= 0 && value <= 1)).toBe(true);
        expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
      }
    }
  });

  it('starts from weights that the seed decides', () => {
    const [first, second, other] = [7, 7, 8].map((seed) => checksumOf(keep(create({ seed }))));
    expect(first).toBe(second);
    expect(first).not.toBe(other);
  });

  it('is saved as a model that plain TensorFlow.js loads, and comes back with the layers of this package', async () => {
    const model = keep(create({ seed: 3 }));
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async (artifacts) => {
        saved = JSON.parse(JSON.stringify({ ...artifacts, weightData: undefined }));
        saved!.weightData = artifacts.weightData as ArrayBuffer;
        return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
      }),
    );
    const plain = keep(await loadLayersModel(tf.io.fromMemory(saved!)));
    const own = keep(await modelFromTopology(saved!.modelTopology as object));
    own.setWeights(model.getWeights());
    const expected = outputOf(model);
    expect(outputOf(plain)).toEqual(expected);
    expect(outputOf(own)).toEqual(expected);
    const norms = own.layers.filter((layer) => layer.getClassName() === 'BatchNormalization');
    expect(norms.every(isFreezableBatchNorm)).toBe(true);
  });

  it('can be frozen, and thawed from a layer on', () => {
    const model = keep(create({}));
    const all = model.trainableWeights.length;
    freeze(model);
    expect(model.trainableWeights).toHaveLength(0);
    const last = model.layers.at(-1)!;
    unfreezeFrom(model, last.name);
    expect(model.trainableWeights).toEqual(last.trainableWeights);
    unfreezeFrom(model, model.layers.find(({ weights }) => weights.length > 0)!.name, { batchNorm: true });
    expect(model.trainableWeights).toHaveLength(all);
  });

  it('behaves in training as it does outside when all of it is frozen, but for dropout', () => {
    const model = keep(create({}));
    freeze(model);
    const before = checksumOf(model);
    const values = tf.tidy(() =>
      Array.from((model.apply(imagesFor(model), { training: true }) as tf.Tensor).dataSync()),
    );
    if (!model.layers.some((layer) => layer.getClassName() === 'Dropout')) {
      outputOf(model).forEach((value, at) => {
        expect(values[at]).toBeCloseTo(value, 4);
      });
    }
    expect(checksumOf(model)).toBe(before);
  });
});
