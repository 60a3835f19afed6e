/**
 * Experiment 1 of the reference study: a small CNN tells pneumonia from normal.
 *
 *   npx -y pnpm@12.21.0 example cnn-2-classes --data <folder of chest X-rays>
 *
 * Without --data it trains on synthetic images. Research only, not a medical device.
 */
import { NORMAL_PNEUMONIA } from 'xray-core';
import { createCnn } from 'xray-models';
import { parseTrainingFlags } from './common/flags.js';
import { runExperiment } from './common/run-experiment.js';

const flags = parseTrainingFlags({
  name: 'cnn-2-classes',
  summary: 'Trains and evaluates the small CNN of the reference study: normal or pneumonia.',
  study: { epochs: 30, batchSize: 32, imageSize: 224, channels: 3, learningRate: 1e-4 },
  synthetic: { epochs: 10, batchSize: 16, imageSize: 64, channels: 1, learningRate: 1e-3 },
});

await runExperiment(flags, {
  title: 'Small CNN, normal or pneumonia',
  architecture: 'cnn',
  classList: NORMAL_PNEUMONIA,
  createModel: ({ store, classList }) =>
    createCnn({
      classes: classList.names.length,
      imageShape: [store.height, store.width, store.channels],
      channels: flags.channels,
      seed: flags.seed,
    }),
});
