/**
 * The recipe to start with: a small network that still works on images from elsewhere, for normal or pneumonia, or with
 * `--three-classes` for normal, bacterial or viral.
 *
 *   npx -y pnpm@12.21.0 example robust --data <folder of chest X-rays>
 *
 * Without --data it trains on synthetic images. Research only, not a medical device.
 */
import { Option } from 'commander';
import { NORMAL_BACTERIAL_VIRAL, NORMAL_PNEUMONIA } from 'xray-core';
import { createRobustCnn } from 'xray-models';
import { parseTrainingFlags } from './common/flags.js';
import { robustRecipe } from './common/recipes.js';
import { runExperiment } from './common/run-experiment.js';

const flags = parseTrainingFlags<{ threeClasses: boolean }>({
  name: 'robust',
  summary: 'Trains and evaluates a small network that still works on images from elsewhere.',
  study: { epochs: 24, batchSize: 32, imageSize: 96, channels: 1, learningRate: 2e-3 },
  synthetic: { epochs: 4, batchSize: 16, imageSize: 64, channels: 1, learningRate: 2e-3 },
  recipe: { augmentation: 'robust', microBatch: 32, shifts: true },
  options: [new Option('--three-classes', 'tell bacterial from viral pneumonia, too').default(false)],
});
const classList = flags.threeClasses ? NORMAL_BACTERIAL_VIRAL : NORMAL_PNEUMONIA;

await runExperiment(flags, {
  title: `Robust small CNN, ${classList.names.join(', ')}`,
  architecture: 'robust-cnn',
  classList,
  recipe: robustRecipe,
  createModel: ({ store }) =>
    createRobustCnn({
      classes: classList.names.length,
      imageShape: [store.height, store.width, store.channels],
      seed: flags.seed,
    }),
});
