import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NORMAL_BACTERIAL_VIRAL, NORMAL_PNEUMONIA } from 'xray-core';
import { z } from 'zod';
import { RECIPES } from './built-in-recipes.js';
import { changeRecipe, forSyntheticImages } from './change-recipe.js';
import { checkRecipe, readRecipe } from './read-recipe.js';
import { type Recipe, recipeSchema } from './recipe.js';
import { describeTraining, trainingOptionsOf } from './training-options.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-recipes-'));
});
afterAll(() => rm(folder, { recursive: true }));

const all = Object.values<Recipe>(RECIPES);

describe('built-in recipes', () => {
  it.each(all)('$name is what the checks want, and survives JSON', (recipe) => {
    expect(checkRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
    expect(checkRecipe(forSyntheticImages(recipe)).training.epochs).toBeLessThan(recipe.training.epochs);
  });

  it('have the classes of xray-core', () => {
    expect(RECIPES.robust.classList).toEqual(NORMAL_PNEUMONIA);
    expect(RECIPES['cnn-3-classes'].classList).toEqual(NORMAL_BACTERIAL_VIRAL);
  });

  it.each([
    // The study's epochs and batch sizes; Adam at 1e-4 with decay 1e-5, early stopping after 3 epochs.
    ['cnn-2-classes', 30, 32],
    ['cnn-3-classes', 30, 64],
    ['inception-v3', 30, 64],
    ['cnn-transfer', 100, 32],
  ] as const)('%s trains as the study does', (name, epochs, batchSize) => {
    const { training, images } = RECIPES[name];
    expect(training).toMatchObject({ epochs, batchSize, learningRate: 1e-4, patience: 3 });
    expect(training.schedule).toEqual({ kind: 'legacy-keras-decay', decay: 1e-5 });
    expect(images).toEqual({ size: 224, channels: 3 });
  });

  it('have a JSON schema that names every field', () => {
    const schema = z.toJSONSchema(recipeSchema, { unrepresentable: 'any' });
    expect(Object.keys(schema.properties!).sort()).toEqual(Object.keys(RECIPES.robust).sort());
    expect(schema.additionalProperties).toBe(false);
  });
});

describe('checkRecipe', () => {
  const { training } = RECIPES.robust;
  it.each([
    ['a missing field', { ...RECIPES.robust, network: undefined }, /at network/],
    ['an unknown field', { ...RECIPES.robust, loss: 'focal' }, /Unrecognized key: "loss"/],
    ['an unknown network', { ...RECIPES.robust, network: { kind: 'vgg' } }, /at network\.kind/],
    ['a wrong number', { ...RECIPES.robust, training: { ...training, epochs: 0 } }, /at training\.epochs/],
    [
      'a wrong threshold rule',
      { ...RECIPES.robust, thresholdRule: 'best' },
      /half, youden.* at thresholdRule/,
    ],
    [
      'findings of no class',
      { ...RECIPES.robust, classList: { names: ['a', 'b'], findings: { x: 'c' } } },
      /findings of these classes only at classList/,
    ],
    [
      'an augmentation that features cannot have',
      { ...RECIPES['inception-v3'], augmentation: 'robust' },
      /must be one of reference-study, none, because inception-v3 trains on stored features/,
    ],
    ['no recipe at all', 'robust', /Received: "robust"/],
  ])('says what is wrong with %s', (_, value, message) => {
    expect(() => checkRecipe(value)).toThrow(message);
  });
});

describe('readRecipe', () => {
  it('reads built-in ones and files', async () => {
    expect(await readRecipe('robust')).toBe(RECIPES.robust);
    const file = join(folder, 'mine.json');
    await writeFile(file, JSON.stringify({ ...RECIPES.robust, name: 'mine' }));
    expect(await readRecipe(file)).toEqual({ ...RECIPES.robust, name: 'mine' });
  });

  it.each([
    ['constructor', /must be one of robust, .* or a file that ends with \.json/],
    ['nothing.json', /nothing\.json: could not be read/],
  ])('explains %s', async (name, message) => {
    await expect(readRecipe(name)).rejects.toThrow(message);
  });

  it('explains a file that is no JSON', async () => {
    const file = join(folder, 'broken.json');
    await writeFile(file, (await readFile(new URL(import.meta.url), 'utf8')).slice(0, 20));
    await expect(readRecipe(file)).rejects.toThrow(/broken\.json: is no JSON/);
  });
});

describe('trainingOptionsOf', () => {
  const splits = {
    train: Array.from({ length: 40 }, (_, index) => ({
      id: `${index}`,
      source: '',
      patientId: `${index}`,
      finding: index < 10 ? 'normal' : 'pneumonia',
    })),
  };
  const given = { classList: NORMAL_PNEUMONIA, splits };

  it('weighs classes, cycles over all steps and averages, as the recipe says', () => {
    const recipe = changeRecipe(RECIPES.robust, { epochs: 10, batchSize: 8 });
    const options = trainingOptionsOf(recipe, given);
    expect(options.classWeights).toEqual([2, 40 / 60]); // all / (classes x images of the class)
    const rate = options.learningRate as (step: number) => number;
    const rates = Array.from({ length: 50 }, (_, step) => rate(step)); // 5 steps an epoch
    expect(Math.max(...rates)).toBeCloseTo(2e-3, 4);
    expect(rates.at(-1)).toBeLessThan(1e-5);
    expect(options).toMatchObject({
      keepWeights: 'last',
      averageWeights: { decay: 0.995 },
      labelSmoothing: 0.05,
    });
  });

  it('has room for a warm-up in a handful of steps', () => {
    const options = trainingOptionsOf(changeRecipe(RECIPES.robust, { epochs: 1, batchSize: 40 }), given);
    expect((options.learningRate as (step: number) => number)(0)).toBeGreaterThan(0);
  });

  it('stops early where the recipe says so, and describes itself', () => {
    const options = trainingOptionsOf(RECIPES['cnn-2-classes'], given);
    expect(options.earlyStopping).toEqual({ monitor: 'val_loss', mode: 'min', patience: 3 });
    expect(options.keepWeights).toBe('best');
    expect(describeTraining(RECIPES['cnn-2-classes'])).toBe(
      "Adam, learning rate 0.0001 with Keras' legacy decay of 0.00001",
    );
    expect(describeTraining(RECIPES.robust)).toBe(
      'AdamW with a weight decay of 0.01, one cycle up to a learning rate of 0.002, balanced class weights, labels smoothed by 0.05, weights averaged with 0.995',
    );
  });
});
