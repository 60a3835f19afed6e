import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Device, selectDevice } from 'xray-node-gpu';
import { evaluateBundle } from '../evaluation/evaluate-bundle.js';
import { RECIPES } from '../recipes/built-in-recipes.js';
import { changeRecipe } from '../recipes/change-recipe.js';
import { completeOptions } from './complete-options.js';
import type { ExperimentEvent, ExperimentOptions, NetworkShape } from './experiment-options.js';
import { planExperiment } from './plan-experiment.js';
import { runExperiment } from './run-experiment.js';

const recipe = changeRecipe(RECIPES.robust, { imageSize: 32, epochs: 2, batchSize: 8, shifts: false });
const quick = { recipe: { ...recipe, thresholdRule: 'youden' }, limit: 24 } as const;

/** A network of a user, which no recipe knows. */
function createModel({ imageShape, classes, seed }: NetworkShape): LayersModel {
  return sequential({
    name: 'own',
    layers: [
      layers.conv2d({ inputShape: [...imageShape], filters: 4, kernelSize: 3, strides: 2 }),
      layers.globalMaxPooling2d({}),
      layers.dense({ units: classes, activation: 'softmax', kernelInitializer: layersSeed(seed) }),
    ],
  });
}
const layersSeed = (seed: number) =>
  ({ className: 'GlorotUniform', config: { seed } }) as unknown as 'glorotUniform';

let device: Device;
let folder: string;
beforeAll(async () => {
  device = await selectDevice({ require: 'wasm', workers: 1 });
  folder = await mkdtemp(join(tmpdir(), 'xray-experiment-'));
});
afterAll(async () => {
  device.dispose();
  await rm(folder, { recursive: true });
});
let tensors: number;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

describe('runExperiment', () => {
  it('trains, reports and tells what it does, and prints nothing', async () => {
    const events: ExperimentEvent[] = [];
    const output = join(folder, 'first');
    const result = await runExperiment({ ...quick, device, output, onEvent: (event) => events.push(event) });
    expect(result.folder).toBe(output);
    expect((await readdir(output)).sort()).toEqual([
      ...['checkpoints', 'evaluation.json', 'history.csv', 'model', 'predictions.csv', 'report.html'],
      ...['run.json', 'split.json'],
    ]);
    const saved = JSON.parse(await readFile(join(output, 'evaluation.json'), 'utf8'));
    expect(saved).toEqual(JSON.parse(JSON.stringify(result.evaluation)));
    expect(result.training.history).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'epoch-end')).toHaveLength(2);
    expect(events).toContainEqual({ type: 'note', text: expect.stringContaining('Synthetic chest X-rays') });
    const { command, request } = JSON.parse(await readFile(join(output, 'run.json'), 'utf8'));
    expect([command, request.limit, request.recipe.name]).toEqual([null, 24, 'robust']);
  });

  it("trains a caller's network, whose bundle is evaluated like any other", async () => {
    const output = join(folder, 'own');
    const { evaluation } = await runExperiment({ ...quick, createModel, device, output });
    const { architecture } = JSON.parse(await readFile(join(output, 'model', 'model.json'), 'utf8'))
      .userDefinedMetadata.xray;
    expect(architecture).toBe('own');
    expect(evaluation.sampleCount).toBeGreaterThan(0);
    const none = evaluateBundle({ device, models: [output], data: folder, output: join(folder, 'never') });
    await expect(none).rejects.toThrow(/layout|images/);
  });

  it('stops when it is told to, and goes on to the same result', async () => {
    const controller = new AbortController();
    const onEvent = ({ type }: ExperimentEvent) => type === 'epoch-end' && controller.abort();
    const output = join(folder, 'stopped');
    const stopped = runExperiment({ ...quick, device, output, onEvent, signal: controller.signal });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    const { evaluation } = await runExperiment({ ...quick, device, output, resume: true });
    const first = JSON.parse(await readFile(join(folder, 'first', 'evaluation.json'), 'utf8'));
    expect(evaluation.auroc).toBe(first.auroc);
    const other = runExperiment({ ...quick, seed: 8, device, output, resume: true });
    await expect(other).rejects.toThrow(/seed was 7 and is now 8/);
  });
});

describe('planExperiment', () => {
  it('counts what the experiment then uses, and leaves nothing behind', async () => {
    const before = await readdir(folder);
    const plan = await planExperiment({ ...quick, device });
    expect(await readdir(folder)).toEqual(before);
    const { sides } = JSON.parse(await readFile(join(folder, 'first', 'split.json'), 'utf8'));
    for (const name of ['train', 'validation', 'test'] as const) {
      expect(plan.splits[name].images).toBe(sides[name].length);
      const { normal, pneumonia } = plan.splits[name].classes;
      expect(normal! + pneumonia!).toBe(sides[name].length);
    }
    expect(plan.steps).toBe(2 * Math.ceil(plan.splits.train.images / 8));
    expect(plan.network.parameters).toBe(389_730);
    expect(plan.secondsPerImage).toBeGreaterThan(0);
    expect(plan.peakBytes).toBeGreaterThan(4 * 389_730);
  });

  it.each(['inception-v3', 'cnn-transfer'] as const)('plans %s without training it', async (name) => {
    const size = name === 'inception-v3' ? 75 : 190;
    const small = changeRecipe(RECIPES[name], { imageSize: size, microBatch: 2 });
    const plan = await planExperiment({ recipe: small, limit: 12, device });
    expect(plan.network.trainableParameters).toBeLessThan(plan.network.parameters);
  });
});

describe('completeOptions', () => {
  const wrong = (options: object) => () =>
    completeOptions({ device, output: 'run', ...options } as ExperimentOptions);
  it.each([
    [{ epochs: 3 }, /`epochs` must be an option of runExperiment: device, recipe/],
    [{ output: '' }, /`output` must be a folder/],
    [{ device: 'wasm' }, /`device` must be a device, as `await selectDevice\(\)`/],
    [{ recipe: 'vgg' }, /`recipe` must be one of robust/],
    [{ mapping: 'chexpert' }, /`mapping` must be left out without `data`/],
  ])('refuses %o', (options, message) => {
    expect(wrong(options)).toThrow(message);
  });

  it('makes built-in recipes small on synthetic images only', () => {
    expect(completeOptions({ device, output: 'run' }).recipe.training.epochs).toBe(4);
    expect(completeOptions({ device, output: 'run', data: 'images' }).recipe).toEqual(RECIPES.robust);
    expect(completeOptions({ device, output: 'run', recipe }).recipe).toEqual(recipe);
  });
});
