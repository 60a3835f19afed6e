import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noise } from '../__fixtures__/formula-weights.js';
import keras2 from '../__fixtures__/keras/keras2/reference.json' with { type: 'json' };
import keras3 from '../__fixtures__/keras/keras3/reference.json' with { type: 'json' };
import { loadPretrainedWeights } from '../weights/load-pretrained-weights.js';
import { loadKerasModel } from './load-keras-model.js';
import { readKerasWeights } from './read-keras-weights.js';
import { UnsupportedModelError } from './unsupported-model-error.js';

const folder = new URL('../__fixtures__/keras/', import.meta.url);
const fixture = (name: string) => ({ name, bytes: new Uint8Array(readFileSync(new URL(name, folder))) });

const REFERENCES = { keras2, keras3 };
type Network = keyof typeof keras2.models;
const NETWORKS = ['every_layer', 'sequential', 'nested', 'recurrent'] as const satisfies Network[];
const CASES = (['keras2', 'keras3'] as const).flatMap((version) =>
  NETWORKS.map((network) => ({ version, network, ...REFERENCES[version].models[network] })),
);

const models: LayersModel[] = [];
const keep = (model: LayersModel) => {
  models.push(model);
  return model;
};
let tensorsBefore: number;
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => {
  for (const model of models.splice(0)) {
    model.dispose();
    // A layer that is called twice wants to be disposed twice in TensorFlow.js 4.22.
    model.layers.find(({ name }) => name === 'shared')?.dispose();
  }
  expect(tf.memory().numTensors).toBe(tensorsBefore);
});

/** The images that scripts/make-keras-files.py gave to Keras: a light one and a dark one. */
function expectOutputs(model: LayersModel, outputs: readonly (readonly number[])[]): void {
  const { size } = keras2;
  const pixels = Float32Array.from(noise(2 * size * size, 7), (value, at) =>
    at < size * size ? value + 0.5 : (value + 0.5) ** 4,
  );
  const found = tf.tidy(
    () => (model.predict(tf.tensor4d(pixels, [2, size, size, 1])) as tf.Tensor2D).arraySync() as number[][],
  );
  outputs.flat().forEach((value, at) => {
    expect(Math.abs(found.flat()[at]! - value)).toBeLessThan(2e-6);
  });
}

describe('loadKerasModel', () => {
  it.each(['keras2', 'keras3'])(
    'lists what TensorFlow.js lacks or computes otherwise: %s',
    async (version) => {
      for (const extension of ['h5', 'keras']) {
        const loading = loadKerasModel(fixture(`${version}/augmented.${extension}`));
        await expect(loading).rejects.toThrow(UnsupportedModelError);
        await expect(loading).rejects.toMatchObject({
          code: 'unsupported-model',
          file: `${version}/augmented.${extension}`,
          problems: [
            'resizing (Resizing): that of TensorFlow.js aligns the corners',
            'random_flip: unknown class RandomFlip',
            'random_rotation: unknown class RandomRotation',
            'random_zoom: unknown class RandomZoom',
            'random_contrast: unknown class RandomContrast',
          ],
        });
      }
    },
  );

  describe.each(CASES)('$network of $version', ({ version, network, parameters, outputs, layers }) => {
    it.each(['h5', 'keras'])('gives from .%s what Keras gives', async (extension) => {
      const model = keep(await loadKerasModel(fixture(`${version}/${network}.${extension}`)));
      expect(model.countParams()).toBe(parameters);
      expectOutputs(model, outputs);
      const weighted = model.layers.filter(({ weights }) => weights.length > 0).map(({ name }) => name);
      expect(weighted).toEqual(layers);
    });

    it.each(version === 'keras2' ? ['-weights.h5', '.weights.h5'] : ['.weights.h5'])(
      'takes its weights from %s alone',
      async (suffix) => {
        const model = keep(await loadKerasModel(fixture(`${version}/${network}.keras`)));
        const zeros = model.getWeights().map((weight) => tf.zerosLike(weight));
        model.setWeights(zeros);
        tf.dispose(zeros);
        const stored = await readKerasWeights(fixture(`${version}/${network}${suffix}`));
        const load = () => loadPretrainedWeights(model, stored);
        if (version === 'keras2' && network === 'nested' && suffix === '.weights.h5') {
          // Without names, and batch norm in two models: nothing says which comes first.
          expect(load).toThrow('- inner_norm [4] [4] [4] [4] is not in the file');
          expect(load).toThrow('- layers/functional/batch_normalization [4] [4] [4] [4]');
          return;
        }
        expect(load().unused).toEqual([]);
        expectOutputs(model, outputs);
      },
    );
  });
});
