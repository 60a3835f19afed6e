import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  layers,
  model as modelOf,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from 'xray-core';
import { frozenModel, oddFlip } from '../__fixtures__/frozen-base.js';
import { openLocalReplicas } from '../__fixtures__/local-replicas.js';
import { toyModel, toySource, weightsOf } from '../__fixtures__/toy-problem.js';
import { fileFeatures } from '../node/file-features.js';
import { train } from '../train.js';
import { extractFeatures } from './extract-features.js';
import { featureSource } from './feature-source.js';
import type { FeatureStore } from './features.js';
import { memoryFeatures } from './memory-features.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-features-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const source = () => toySource({ sampleCount: 21, batchSize: 8, seed: 1 });
const validation = () => toySource({ sampleCount: 10, batchSize: 8, seed: 2 });
const extract = (base: LayersModel, store: FeatureStore, more: object = {}) =>
  extractFeatures({ base, source: source(), dataHash: 'toy', store, ...more });

describe.each([
  ['memory', () => memoryFeatures()],
  ['a file', () => fileFeatures(join(folder, `${Math.floor(performance.now() * 1000)}.features`))],
] as const)('features in %s', (_, newStore) => {
  it.each([
    ['no augmentation', undefined],
    ['flips as two variants', oddFlip()],
  ])('teach a head what it learns behind the frozen base: %s', async (_name, augmentation) => {
    const common = { epochs: 3, seed: 7, learningRate: 0.05 };
    const whole = frozenModel();
    const expected = await train({
      ...common,
      model: whole.model,
      train: source(),
      validation: validation(),
      ...(augmentation ? { augmentation } : {}),
    });

    const { model, base, head } = frozenModel();
    const features = await extract(base, newStore(), { augmentation });
    const onValidation = await extractFeatures({
      base,
      source: validation(),
      dataHash: 'toy',
      store: newStore(),
    });
    const before = tf.memory().numTensors;
    const result = await train({
      ...common,
      model: head,
      train: featureSource({ features, source: source(), augmentation, seed: 7 }),
      validation: featureSource({ features: onValidation, source: validation() }),
    });
    expect(tf.memory().numTensors).toBe(before);
    result.history.forEach(({ loss, val_loss }, epoch) => {
      expect(loss).toBeCloseTo(expected.history[epoch]!.loss, 5);
      expect(val_loss).toBeCloseTo(expected.history[epoch]!.val_loss, 5);
    });
    weightsOf(model).forEach((values, index) => {
      for (const [at, value] of values.entries())
        expect(value).toBeCloseTo(weightsOf(whole.model)[index]![at]!, 5);
    });
    await features.close();
  });

  it('are found again by everything they depend on', async () => {
    const store = newStore();
    const { base } = frozenModel();
    const events: string[] = [];
    const onProgress = ({ type }: { type: string }) => events.push(type);
    const first = await extract(base, store, { onProgress });
    expect(events).toEqual(['features', 'features', 'features']);
    const rows = [{ id: 'sample-3', variant: 0 }];
    const values = await first.read(rows);
    await first.close();

    const again = await extract(base, store, { onProgress });
    expect(events).toHaveLength(3);
    expect(await again.read(rows)).toEqual(values);
    await again.close();
    for (const change of [{ dataHash: 'other' }, { augmentation: oddFlip() }, { source: validation() }]) {
      const made = await extract(base, store, { onProgress, ...change });
      await made.close();
    }
    expect(events.length).toBe(3 + 3 + 6 + 2);
    base.setWeights(base.getWeights().map((weight) => tf.mul(weight, 2)));
    const moved = await extract(base, store, { onProgress });
    expect(Array.from(await moved.read(rows))).toEqual(Array.from(values, (value) => value * 2));
    await moved.close();
  });
});

describe('features in a file', () => {
  it('are made again where the file is truncated or changed', async () => {
    const file = join(folder, 'damaged.features');
    const { base } = frozenModel();
    let computed = 0;
    const onProgress = () => void computed++;
    await (await extract(base, fileFeatures(file), { onProgress })).close();
    const whole = await readFile(file);
    for (const damage of [
      () => truncate(file, whole.length - 50),
      () =>
        writeFile(
          file,
          Uint8Array.from(whole, (byte, at) => (at === 100 ? byte ^ 1 : byte)),
        ),
    ]) {
      computed = 0;
      await damage();
      await (await extract(base, fileFeatures(file), { onProgress })).close();
      expect(computed).toBe(3);
      expect(await readFile(file)).toEqual(whole);
    }
  });

  it('are stored completely or not at all', async () => {
    const directory = join(folder, 'aborted');
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    const { base } = frozenModel();
    const before = tf.memory().numTensors;
    const store = fileFeatures(join(directory, 'train.features'));
    await expect(extract(base, store, { onProgress, signal: controller.signal })).rejects.toThrow(
      'Computing features was aborted',
    );
    expect(await readdir(directory)).toEqual([]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('extractFeatures', () => {
  it.each([1, 2, 3])('stores with %i workers what one thread computes', async (workers) => {
    const { base } = frozenModel();
    const options = { augmentation: oddFlip() };
    const alone = await extract(base, memoryFeatures(), options);
    const { replicas, local } = await openLocalReplicas(base, workers);
    const progress: number[] = [];
    const before = tf.memory().numTensors;
    const shared = await extract(base, memoryFeatures(), {
      ...{ ...options, replicas },
      onProgress: ({ done }: { done: number }) => progress.push(done),
      forward: () => {
        throw new Error('Only the replicas run the base.');
      },
    });

    expect(shared.key).toBe(alone.key);
    expect(shared.labels).toEqual(alone.labels);
    expect(progress).toEqual([8, 16, 21, 29, 37, 42]);
    expect(tf.memory().numTensors).toBe(before);
    expect(local.models.length).toBe(workers);
    const rows = source()
      .order(0)
      .flatMap((id) => [0, 1].map((variant) => ({ id, variant })));
    expect(await shared.read(rows)).toEqual(await alone.read(rows));
  });

  it('refuses replicas of another base', async () => {
    const { replicas } = await openLocalReplicas(toyModel(), 1);
    await expect(extract(frozenModel().base, memoryFeatures(), { replicas })).rejects.toThrow(
      '`replicas` must be copies of the model that is used',
    );
  });

  it('refuses a base whose features have no fixed size', async () => {
    const image = input({ shape: [null, null, 1] });
    const convolution = layers.conv2d({ filters: 2, kernelSize: 3, trainable: false });
    const base = modelOf({ inputs: image, outputs: convolution.apply(image) as SymbolicTensor });
    await expect(extract(base, memoryFeatures())).rejects.toThrow(
      /`base` must be a model with one input and one output whose features have a fixed size.*null,null,2/,
    );
  });

  it('refuses a base that trains and draws that differ in every epoch', async () => {
    const { base } = frozenModel();
    await expect(extract(base, memoryFeatures(), { augmentation: (batch: Batch) => batch })).rejects.toThrow(
      'an augmentation with a few fixed variants',
    );
    base.layers[1]!.trainable = true;
    await expect(extract(base, memoryFeatures())).rejects.toThrow(/a frozen model: .*2 weights that train/);
  });
});

describe('featureSource', () => {
  it('refuses features of other samples or another augmentation', async () => {
    const { base } = frozenModel();
    const features = await extractFeatures({
      base,
      source: validation(),
      dataHash: 'toy',
      store: memoryFeatures(),
    });
    expect(() => featureSource({ features, source: source() })).toThrow(
      /features of all samples.*none of sample-1\d/s,
    );
    expect(() => featureSource({ features, source: validation(), augmentation: oddFlip() })).toThrow(
      '1 variants of every image',
    );
    const flips = await extract(base, memoryFeatures(), { augmentation: oddFlip() });
    const other = Object.assign(oddFlip(), { variantsName: 'even-flip' });
    expect(() => featureSource({ features: flips, source: source(), augmentation: other })).toThrow(
      'with (odd-flip, 2 variants of every image). Received: "even-flip".',
    );
    expect(() =>
      featureSource({ features: flips, source: source(), augmentation: (batch) => batch }),
    ).toThrow('Received: "one without fixed variants".');
  });
});
