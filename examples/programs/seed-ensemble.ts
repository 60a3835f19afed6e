/**
 * Trains the robust recipe with three seeds on one split, and measures the mean of the three networks beside each of them:
 *
 *   npx -y pnpm@12.21.0 example seed-ensemble <folder of chest X-rays> [epochs]
 *
 * Research only, not a medical device.
 */
import { join } from 'node:path';
import { changeRecipe, evaluateBundle, RECIPES, runExperiment } from 'xray-cli';
import { selectDevice } from 'xray-node-gpu';

const [data = 'chest_xray', epochs] = process.argv.slice(2);
const recipe = changeRecipe(RECIPES.robust, { epochs: epochs ? Number(epochs) : undefined });
const device = await selectDevice();
const runs = join('runs', `seed-ensemble-${Date.now()}`);
let split: string | undefined; // drawn by the first training, taken over by the others
const models: string[] = [];
for (const seed of [1, 2, 3]) {
  const output = join(runs, `seed-${seed}`);
  const { folder, evaluation } = await runExperiment({ device, recipe, data, seed, split, output });
  console.log(`seed ${seed}: AUROC ${evaluation.auroc}, specificity ${evaluation.specificity}`);
  split ??= join(folder, 'split.json');
  models.push(folder);
}
const output = join(runs, 'ensemble');
const { evaluation } = await evaluateBundle({ device, models, data, split, output });
console.log(`ensemble: AUROC ${evaluation.auroc}, specificity ${evaluation.specificity}. Reports: ${runs}`);
device.dispose();
