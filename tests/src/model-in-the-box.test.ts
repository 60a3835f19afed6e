import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { createSyntheticDataset } from 'xray-dataset';
import { decodeImageFile } from 'xray-dataset/node';
import { pneumoniaModel } from 'xray-model-pneumonia';
import { type Classification, classify, loadBundle } from 'xray-models';
import { realData } from '../../packages/xray-dataset/src/__fixtures__/real-data.js';

const { folder, isMissing } = realData('originals/train');

describe('xray-model-pneumonia', () => {
  it.skipIf(isMissing)('classifies real X-rays of full size, alike on every backend', async () => {
    const files = ['NORMAL', 'PNEUMONIA'].flatMap((finding) =>
      readdirSync(join(folder, finding)).map((name) => ({ finding, file: join(folder, finding, name) })),
    );
    const images = await Promise.all(files.map(({ file }) => decodeImageFile(file)));
    const classifyOn = async (backend: string, some: typeof images): Promise<Classification[]> => {
      await tf.setBackend(backend);
      const bundle = await loadBundle(pneumoniaModel());
      const results = await classify(bundle, some);
      bundle.model.dispose();
      return results;
    };
    const onWasm = await classifyOn('wasm', images);
    const onCpu = await classifyOn('cpu', images.slice(0, 4)); // slow
    onCpu.forEach((result, image) => {
      expect(onWasm[image]!.pneumoniaProbability).toBeCloseTo(result.pneumoniaProbability, 4);
    });
    // These are images of the folder that it was trained on: it has to know nearly all of them.
    const right = files.filter(
      ({ finding }, image) => onWasm[image]!.isPneumonia === (finding === 'PNEUMONIA'),
    );
    expect(right.length).toBeGreaterThanOrEqual(Math.ceil(files.length * 0.9));
  });

  it('warns of images that it was not made for, and hardly of others', async () => {
    await tf.setBackend('wasm');
    const bundle = await loadBundle(pneumoniaModel());
    const size = 300;
    const image = (levelAt: (x: number, y: number) => number) => ({
      pixels: Uint8Array.from({ length: size * size }, (_, at) => levelAt(at % size, Math.floor(at / size))),
      height: size,
      width: size,
      channels: 1 as const,
    });
    const random = createRandom(3);
    const foreign = [image(() => random.integer(0, 256)), image(() => 128), image((x) => x & 255)];
    const kinds = (results: readonly Classification[]) =>
      results.map(({ warnings }) => warnings.map(({ kind }) => kind));
    expect(kinds(await classify(bundle, foreign))).toEqual(foreign.map(() => ['unfamiliar']));
    if (!isMissing) {
      const files = readdirSync(join(folder, 'NORMAL')).map((name) => join(folder, 'NORMAL', name));
      const real = await Promise.all(files.map((file) => decodeImageFile(file)));
      const warned = kinds(await classify(bundle, real)).filter((found) => found.length > 0);
      expect(warned.length).toBeLessThan(real.length / 4);
    }
    bundle.model.dispose();
  });

  it('is loaded by plain TensorFlow.js, and gives the probabilities of the bundle', async () => {
    await tf.setBackend('cpu');
    const { samples, decode } = createSyntheticDataset({
      patientsPerFinding: 1,
      seed: 4,
      height: 96,
      width: 96,
    });
    const image = await decode(samples[0]!);
    const bundle = await loadBundle(pneumoniaModel());
    const doubt = { kind: 'not-frontal-chest', text: 'says HAND' } as const;
    const [expected] = await classify(bundle, [{ ...image, warnings: [doubt] }]);
    expect(expected!.warnings).toContainEqual(doubt);
    const plain = await loadLayersModel(pneumoniaModel());
    const [, pneumonia] = tf.tidy(() => {
      const pixels = Float32Array.from(image.pixels, (level) => level / 255);
      return (plain.predict(tf.tensor4d(pixels, [1, 96, 96, 1])) as tf.Tensor).dataSync();
    });
    expect(pneumonia).toBeCloseTo(expected!.pneumoniaProbability, 4);
    expect(bundle.metadata.notice).toContain('not a medical device');
    expect(bundle.metadata.notice).toContain('CC BY 4.0');
    bundle.model.dispose();
    plain.dispose();
  });
});
