import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from 'xray-core';
import { checkRecipe } from '../recipes/read-recipe.js';
import type { ExperimentRequest } from './complete-options.js';

/**
 * The options that a run was begun with, from its `run.json`.
 *
 * @throws {FileError} If it cannot be read, or holds no training.
 */
export async function readRequest(run: string): Promise<ExperimentRequest> {
  const file = join(run, 'run.json');
  const fix = 'Expected the folder of a run that `xray train` began.';
  let facts: { request?: ExperimentRequest | undefined; settings?: { ownModel?: unknown } | undefined };
  try {
    facts = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const problem = error instanceof SyntaxError ? 'is damaged' : 'could not be read';
    throw new FileError({ file, problem, fix, cause: error });
  }
  const { request, settings } = facts;
  if (request === undefined || settings === undefined)
    throw new FileError({ file, problem: 'tells of no training that could go on', fix });
  if (settings.ownModel === true) {
    const problem = 'is of a network that a program made';
    throw new FileError({ file, problem, fix: 'Call `runExperiment` with `resume` from that program.' });
  }
  return { ...request, recipe: checkRecipe(request.recipe, `recipe of ${file}`) };
}
