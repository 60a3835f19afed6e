import { readFile } from 'node:fs/promises';
import { FileError, InvalidArgumentError } from 'xray-core';
import { z } from 'zod';
import { AUGMENTATION_NAMES, worksOnFeatures } from './augmentations.js';
import { RECIPES, type RecipeName } from './built-in-recipes.js';
import { type Recipe, recipeSchema, trainsOnFeatures } from './recipe.js';

/**
 * Checks a recipe from a file or from plain JavaScript.
 *
 * @param where - Names it in errors, such as `my.json`.
 * @throws {InvalidArgumentError} Naming every value that is wrong.
 */
export function checkRecipe(value: unknown, where = 'recipe'): Recipe {
  const parsed = recipeSchema.safeParse(value);
  if (!parsed.success) {
    throw new InvalidArgumentError({
      argument: where,
      expected: `a recipe, but ${problemsOf(parsed.error)}`,
      received: nameOf(value),
      fix: 'Begin with what `xray recipes show robust` prints.',
    });
  }
  const recipe = parsed.data;
  if (trainsOnFeatures(recipe) && !worksOnFeatures(recipe.augmentation)) {
    throw new InvalidArgumentError({
      argument: `augmentation of ${where}`,
      expected: `one of ${AUGMENTATION_NAMES.filter(worksOnFeatures).join(', ')}, because ${recipe.network.kind} trains on stored features`,
      received: recipe.augmentation,
    });
  }
  return recipe;
}

/**
 * A built-in recipe, or the one in a JSON file.
 *
 * @param nameOrFile - A name of `RECIPES`, or a path that ends with `.json`.
 * @throws {FileError} If the file cannot be read or is no JSON.
 * @throws {InvalidArgumentError} If there is no such recipe, or the one in the file is wrong.
 */
export async function readRecipe(nameOrFile: string): Promise<Recipe> {
  if (isRecipeName(nameOrFile)) return RECIPES[nameOrFile];
  if (!nameOrFile.endsWith('.json')) {
    throw new InvalidArgumentError({
      argument: 'recipe',
      expected: `one of ${Object.keys(RECIPES).join(', ')}, or a file that ends with .json`,
      received: nameOrFile,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(await readFile(nameOrFile, 'utf8'));
  } catch (error) {
    const problem = error instanceof SyntaxError ? `is no JSON (${error.message})` : 'could not be read';
    throw new FileError({ file: nameOrFile, problem, fix: 'Expected a recipe.', cause: error });
  }
  return checkRecipe(value, nameOrFile);
}

/** Whether a recipe of that name is built in. */
export const isRecipeName = (name: string): name is RecipeName => Object.hasOwn(RECIPES, name);

function problemsOf(error: z.ZodError): string {
  return z
    .prettifyError(error)
    .replaceAll('✖ ', '')
    .replaceAll(/\n\s*→ at /g, ' at ')
    .replaceAll('\n', '; ');
}

function nameOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'name' in value ? value.name : value;
}
