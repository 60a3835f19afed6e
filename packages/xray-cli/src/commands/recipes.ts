import { Command } from 'commander';
import { z } from 'zod';
import { RECIPES } from '../recipes/built-in-recipes.js';
import { readRecipe } from '../recipes/read-recipe.js';
import { recipeSchema } from '../recipes/recipe.js';
import { type OutputFlags, runTask } from '../terminal/run-task.js';

/** `xray recipes`. */
export function recipesCommand(): Command {
  const command = new Command('recipes').description('Lists recipes and shows what is in them.');
  const print = (self: Command, text: string, facts: object) =>
    runTask(self.optsWithGlobals<OutputFlags>(), '', async ({ finish }) => finish(text, facts));
  command
    .command('list', { isDefault: true })
    .description('Lists the built-in recipes.')
    .action((_options, self: Command) => {
      const recipes = Object.values(RECIPES).map(({ name, summary }) => ({ name, summary }));
      const width = Math.max(...recipes.map(({ name }) => name.length));
      const lines = recipes.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}`);
      return print(self, lines.join('\n'), { recipes });
    });
  command
    .command('show')
    .description('Prints a recipe as JSON, to begin a file of your own with.')
    .argument('<name>', 'name or JSON file')
    .action((name: string, _options, self: Command) =>
      runTask(self.optsWithGlobals<OutputFlags>(), '', async ({ finish }) => {
        const recipe = await readRecipe(name);
        finish(JSON.stringify(recipe, null, 2), { recipe });
      }),
    );
  command
    .command('schema')
    .description('Prints the JSON schema of recipes.')
    .action((_options, self: Command) => {
      const schema = z.toJSONSchema(recipeSchema, { unrepresentable: 'any' });
      return print(self, JSON.stringify(schema, null, 2), { schema });
    });
  return command;
}
