import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadKerasModel } from 'xray-models';
import { readFileBytes } from 'xray-models/node';
import { modelFolder } from 'xray-node-gpu';
import type { ExperimentContext } from './experiment-run.js';
import { loadBaseWeights } from './load-base-weights.js';

const FIXTURES = fileURLToPath(
  new URL('../../../xray-models/src/__fixtures__/keras/keras3/', import.meta.url),
);
const FILE = join(FIXTURES, 'sequential.h5');
const valuesOf = (model: LayersModel) => model.getWeights().map((weight) => Array.from(weight.dataSync()));

let folder: string;
let expected: number[][];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-base-'));
  const model = await loadKerasModel(await readFileBytes(FILE));
  await model.save(modelFolder(folder));
  expected = valuesOf(model);
  model.dispose();
});
afterAll(() => rm(folder, { recursive: true }));

/** What a base without weights has after loading them, and what the program says. */
async function load(weights: string): Promise<{ values: number[][]; said: string }> {
  const base = await loadKerasModel(await readFileBytes(FILE));
  const zeros = base.getWeights().map((weight) => tf.zerosLike(weight));
  base.setWeights(zeros);
  tf.dispose(zeros);
  const lines: string[] = [];
  const context = {
    signal: new AbortController().signal,
    onProgress: () => {},
    say: (text: string) => lines.push(text),
  } satisfies Partial<ExperimentContext>;
  try {
    await loadBaseWeights(base, weights, context);
    return { values: valuesOf(base), said: lines.join('\n') };
  } finally {
    base.dispose();
  }
}

describe('loadBaseWeights', () => {
  it.each(['sequential.h5', 'sequential.keras', 'sequential.weights.h5'])(
    'reads %s of Keras',
    async (name) => {
      const { values, said } = await load(join(FIXTURES, name));
      expect(values).toEqual(expected);
      expect(said).toBe(`Pretrained weights of 3 layers from ${join(FIXTURES, name)}, by name`);
    },
  );

  it.each(['', '/model.json'])('reads a folder of TensorFlow.js: <folder>%s', async (end) => {
    expect((await load(`${folder}${end}`)).values).toEqual(expected);
  });

  it('reads a URL', async () => {
    const server = createServer(async (_, response) => response.end(await readFile(FILE)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as { port: number };
      expect((await load(`http://127.0.0.1:${port}/model.h5`)).values).toEqual(expected);
    } finally {
      server.close();
    }
  });

  it('says what is wrong with a file', async () => {
    await expect(load(join(folder, 'none.h5'))).rejects.toThrow('none.h5: does not exist.');
    await expect(load(join(FIXTURES, 'reference.json'))).rejects.toThrow(/model\.json/);
    await expect(load(join(FIXTURES, 'nested.h5'))).rejects.toMatchObject({ code: 'weight-mismatch' });
  });
});
