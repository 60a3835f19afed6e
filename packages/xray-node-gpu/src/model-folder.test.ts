import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFolder } from './model-folder.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-model-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const newModel = () => sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] });
const weights = (model: tf.io.IOHandler | ReturnType<typeof newModel>) =>
  (model as ReturnType<typeof newModel>).getWeights().map((weight) => Array.from(weight.dataSync()));

describe('modelFolder', () => {
  it('saves what plain loadLayersModel loads, metadata included', async () => {
    const directory = join(folder, 'new', 'model');
    const model = newModel();
    model.setUserDefinedMetadata({ xray: { threshold: 0.4 } });
    const { modelArtifactsInfo } = await model.save(modelFolder(directory));
    const loaded = await loadLayersModel(modelFolder(directory));

    expect(modelArtifactsInfo.weightDataBytes).toBe(60);
    expect((await readdir(directory)).sort()).toEqual(['model.json', 'weights.bin']);
    expect(weights(loaded as never)).toEqual(weights(model));
    expect(loaded.getUserDefinedMetadata()).toEqual({ xray: { threshold: 0.4 } });
  });

  it('replaces an older model and leaves nothing else behind', async () => {
    const directory = join(folder, 'replaced');
    await newModel().save(modelFolder(directory));
    await writeFile(join(directory, 'stale.txt'), '');
    const second = newModel();
    await second.save(modelFolder(directory));

    expect(weights((await loadLayersModel(modelFolder(directory))) as never)).toEqual(weights(second));
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
    expect((await readdir(directory)).sort()).toEqual(['model.json', 'weights.bin']);
  });

  it('still has the old model when a save was interrupted between the two', async () => {
    const directory = join(folder, 'interrupted');
    const model = newModel();
    await model.save(modelFolder(directory));
    await rename(directory, join(folder, '.interrupted.old')); // as far as a killed save gets

    expect(weights((await loadLayersModel(modelFolder(directory))) as never)).toEqual(weights(model));
    const second = newModel();
    await second.save(modelFolder(directory));
    expect(weights((await loadLayersModel(modelFolder(directory))) as never)).toEqual(weights(second));
  });

  it('names missing, truncated and foreign files', async () => {
    const directory = join(folder, 'damaged');
    await expect(loadLayersModel(modelFolder(directory))).rejects.toThrow(
      /damaged\/model\.json: does not exist\. A model folder holds model\.json/,
    );
    await newModel().save(modelFolder(directory));
    const bytes = await readFile(join(directory, 'weights.bin'));
    await writeFile(join(directory, 'weights.bin'), bytes.subarray(0, 50));
    await expect(loadLayersModel(modelFolder(directory))).rejects.toThrow(
      'weights.bin: holds 50 bytes of weights, expected 60. It is truncated or belongs to another model',
    );
    await rm(join(directory, 'weights.bin'));
    await expect(loadLayersModel(modelFolder(directory))).rejects.toThrow('weights.bin: does not exist');
    for (const content of ['{"model', '{}']) {
      await writeFile(join(directory, 'model.json'), content);
      await expect(loadLayersModel(modelFolder(directory))).rejects.toThrow(
        'is not a TensorFlow.js layers model',
      );
    }
  });

  it('says why it could not save', async () => {
    const blocked = join(folder, 'file');
    await writeFile(blocked, '');
    await expect(newModel().save(modelFolder(join(blocked, 'model')))).rejects.toThrow(
      'could not be written',
    );
  });
});
