/**
 * Experiment 2 of the reference study: a small CNN tells normal, bacterial and viral pneumonia apart.
 *
 *   npx -y pnpm@12.21.0 example cnn-3-classes --data <folder of chest X-rays>
 *
 * Without --data it trains on synthetic images. Research only, not a medical device.
 */
import { NORMAL_BACTERIAL_VIRAL } from 'xray-core';
import { createCnn } from 'xray-models';
import { parseTrainingFlags } from './common/flags.js';
import { runExperiment } from './common/run-experiment.js';

const flags = parseTrainingFlags({
  name: 'cnn-3-classes',
  summary: 'Trains and evaluates the small CNN of the reference study: normal, bacterial or viral.',
  study: { epochs: 30, batchSize: 64, imageSize: 224, channels: 3, learningRate: 1e-4 },
  synthetic: { epochs: 10, batchSize: 16, imageSize: 64, channels: 1, learningRate: 1e-3 },
});

await runExperiment(flags, {
  title: 'Small CNN, normal, bacterial or viral pneumonia',
  architecture: 'cnn',
  classList: NORMAL_BACTERIAL_VIRAL,
  createModel: ({ store, classList }) =>
    createCnn({
      classes: classList.names.length,
      imageShape: [store.height, store.width, store.channels],
      channels: flags.channels,
      seed: flags.seed,
    }),
});
