import { resolve } from 'node:path';
import { InvalidArgumentError } from 'xray-core';
import { DEFAULT_SHARES } from '../data/split-options.js';
import { RECIPES } from '../recipes/built-in-recipes.js';
import { forSyntheticImages } from '../recipes/change-recipe.js';
import { checkRecipe, isRecipeName } from '../recipes/read-recipe.js';
import type { CompleteOptions, ExperimentOptions } from './experiment-options.js';

/** What `run.json` keeps of the options, so that the run can go on without them being said again. */
export type ExperimentRequest = Omit<
  CompleteOptions,
  | 'device'
  | 'createModel'
  | 'output'
  | 'resume'
  | 'finish'
  | 'stopAfterSeconds'
  | 'command'
  | 'signal'
  | 'onEvent'
>;

const KNOWN: ReadonlySet<string> = new Set<keyof ExperimentOptions>([
  ...(['device', 'recipe', 'data', 'output', 'classList', 'createModel', 'seed', 'limit'] as const),
  ...(['memoryLimit', 'resume', 'finish', 'stopAfterSeconds', 'asPublished', 'onBadImage'] as const),
  ...(['cache', 'command', 'signal', 'onEvent', 'mapping', 'manifest', 'uncertain', 'readers'] as const),
  ...(['findings', 'views', 'patientFrom', 'onUnknownFinding', 'onMissingFile', 'frame'] as const),
  ...(['maxPixels', 'bitsStored', 'split', 'testList', 'validationList', 'ownSides'] as const),
  ...(['validationShare', 'testShare', 'fold', 'holdOutSource', 'onSharedPatients'] as const),
]);

/** Options of an experiment that mean something for images in files only. */
const ABOUT_FILES = [
  ...(['mapping', 'manifest', 'uncertain', 'readers', 'findings', 'views', 'patientFrom'] as const),
  ...(['testList', 'validationList', 'ownSides', 'holdOutSource', 'classList'] as const),
] satisfies readonly (keyof ExperimentOptions)[];

/**
 * Checks options and fills in the defaults. Built-in recipes become small where the images are synthetic.
 *
 * @throws {InvalidArgumentError} If one is unknown, missing or out of place.
 */
export function completeOptions(options: ExperimentOptions): CompleteOptions {
  const unknown = Object.keys(options).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError({
      argument: unknown,
      expected: `an option of runExperiment: ${[...KNOWN].join(', ')}`,
      received: options[unknown as keyof ExperimentOptions],
    });
  }
  if (typeof options.output !== 'string' || options.output === '') {
    throw new InvalidArgumentError({ argument: 'output', expected: 'a folder', received: options.output });
  }
  if (typeof options.device?.kind !== 'string') {
    throw new InvalidArgumentError({
      argument: 'device',
      expected: 'a device, as `await selectDevice()` of xray-node-gpu gives it',
      received: options.device,
    });
  }
  const isGiven = (name: keyof ExperimentOptions) => options[name] !== undefined && options[name] !== false;
  const misplaced = options.data === undefined ? ABOUT_FILES.find(isGiven) : undefined;
  if (misplaced !== undefined) {
    throw new InvalidArgumentError({
      argument: misplaced,
      expected: 'left out without `data`: synthetic images have no such thing',
      received: options[misplaced],
    });
  }
  const recipe = recipeOf(options);
  return {
    ...options,
    recipe: options.classList ? { ...recipe, classList: copyOf(options.classList) } : recipe,
    seed: options.seed ?? 7,
    ownSides: options.ownSides ?? false,
    validationShare: options.validationShare ?? DEFAULT_SHARES.validationShare,
    testShare: options.testShare ?? DEFAULT_SHARES.testShare,
    onSharedPatients: options.onSharedPatients ?? 'drop',
    onUnknownFinding: options.onUnknownFinding ?? 'fail',
    onMissingFile: options.onMissingFile ?? 'fail',
    asPublished: options.asPublished ?? false,
    finish: options.finish ?? false,
    resume: (options.resume ?? false) || (options.finish ?? false),
    onBadImage: options.onBadImage ?? 'fail',
  };
}

/** The same as plain JSON. */
export function requestOf(options: CompleteOptions): ExperimentRequest {
  const {
    device: _device,
    createModel: _createModel,
    output: _output,
    resume: _resume,
    finish: _finish,
    stopAfterSeconds: _stopAfterSeconds,
    command: _command,
    signal: _signal,
    onEvent: _onEvent,
    ...request
  } = options;
  const path = (file: string | undefined) => (file === undefined ? undefined : resolve(file));
  return {
    ...request,
    data: path(request.data),
    manifest: request.manifest?.map((file) => resolve(file)),
    split: path(request.split),
    testList: path(request.testList),
    validationList: path(request.validationList),
    cache: path(request.cache),
  };
}

function recipeOf({ recipe = 'robust', data }: ExperimentOptions): CompleteOptions['recipe'] {
  if (typeof recipe !== 'string') return checkRecipe(recipe);
  if (isRecipeName(recipe)) return data === undefined ? forSyntheticImages(RECIPES[recipe]) : RECIPES[recipe];
  throw new InvalidArgumentError({
    argument: 'recipe',
    expected: `one of ${Object.keys(RECIPES).join(', ')}, or a recipe`,
    received: recipe,
    fix: 'Read one from a file with `readRecipe`.',
  });
}

const copyOf = ({ names, findings }: NonNullable<ExperimentOptions['classList']>) => ({
  names: [...names],
  findings: { ...findings },
});
