import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { KERAS_LAYERS } from 'xray-augment/layers';
import { loadKerasModel, readKerasWeights } from 'xray-models';

const folder = new URL('../../../packages/xray-models/src/__fixtures__/keras/', import.meta.url);
const read = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));

describe('a Keras model that augments its images', () => {
  it.each(['keras2', 'keras3'])(
    'is loaded with the layers of xray-augment and gives what %s gives',
    async (version) => {
      const reference = JSON.parse(Buffer.from(read(`${version}/reference.json`)).toString());
      const { outputs, parameters } = reference.models.augmented as {
        outputs: number[][];
        parameters: number;
      };
      for (const extension of ['h5', 'keras']) {
        const name = `${version}/augmented.${extension}`;
        const file = { name, bytes: read(name) };
        const model = await loadKerasModel(file, { layers: KERAS_LAYERS });
        // The states of random generators are neither weights nor missing.
        expect((await readKerasWeights(file)).map(({ layer }) => layer)).toEqual(['conv2d', 'dense']);
        expect(model.countParams()).toBe(parameters);
        tf.tidy(() => {
          const images = tf.tensor4d(pixelsOf(reference.size), [2, reference.size, reference.size, 1]);
          const found = (model.predict(images) as tf.Tensor2D).arraySync() as number[][];
          outputs.flat().forEach((value, at) => {
            expect(Math.abs(found.flat()[at]! - value)).toBeLessThan(2e-6);
          });
          // It flips, rotates and zooms in training alone.
          const trained = model.apply(images, { training: true }) as tf.Tensor2D;
          expect(trained.arraySync()).not.toEqual(found);
        });
        model.dispose();
      }
    },
  );
});

/** A light and a dark image, as scripts/make-keras-files.py of xray-models makes them. */
function pixelsOf(size: number): Float32Array {
  return Float32Array.from({ length: 2 * size * size }, (_, at) => {
    const hashed = Math.imul(at + 7, 2654435761) >>> 0;
    const value = ((hashed ^ (hashed >>> 15)) >>> 0) / 2 ** 32;
    return at < size * size ? value : value ** 4;
  });
}
