/**
 * Experiment 4 of the reference study: a small CNN on the frozen convolutions of a small CNN tells normal, bacterial and
 * viral pneumonia apart.
 *
 *   npx -y pnpm@12.21.0 example cnn-transfer-3-classes --data <folder of chest X-rays> --base runs/<run>
 *
 * Without --base it trains the first network itself, as experiment 2. Without --data it trains on synthetic images.
 * Research only, not a medical device.
 */
import { Option } from 'commander';
import { InvalidArgumentError, NORMAL_BACTERIAL_VIRAL } from 'xray-core';
import { createCnn, createTransferModel, cutModel, STUDY_HEADS } from 'xray-models';
import { openBundle } from './common/bundle.js';
import { parseTrainingFlags } from './common/flags.js';
import { type ExperimentRun, runExperiment, trainWhole } from './common/run-experiment.js';
import { trainOnFeatures } from './common/train-on-features.js';

const LAST_OF_BASE = 'block3_pool';

const flags = parseTrainingFlags<{ base: string }>({
  name: 'cnn-transfer-3-classes',
  summary: 'Stacks a small CNN on the frozen convolutions of another one: normal, bacterial or viral.',
  study: { epochs: 100, batchSize: 32, imageSize: 224, channels: 3, learningRate: 1e-4 },
  synthetic: { epochs: 6, batchSize: 16, imageSize: 190, channels: 1, learningRate: 1e-3 },
  onFeatures: true,
  options: [
    new Option(
      '--base <folder>',
      'run folder of cnn-3-classes, or the model folder in it (default: trained first)',
    ),
  ],
});

await runExperiment(flags, {
  title: 'Small CNN on a frozen small CNN, normal, bacterial or viral pneumonia',
  architecture: 'cnn-on-cnn',
  classList: NORMAL_BACTERIAL_VIRAL,
  async createModel(run) {
    const first = flags.base ? await openFirst(flags.base, run) : await trainFirst(run);
    return createTransferModel({
      base: cutModel(first, LAST_OF_BASE),
      head: STUDY_HEADS.CNN,
      classes: run.classList.names.length,
      seed: flags.seed,
    });
  },
  train: (model, run) => trainOnFeatures(model, LAST_OF_BASE, run),
});

/** The network of an earlier run, if it takes these images. */
async function openFirst(path: string, { store }: ExperimentRun) {
  const { model, metadata } = await openBundle([path]);
  const { height, width, channels } = metadata.input;
  if (height !== store.height || width !== store.width || channels !== store.channels) {
    throw new InvalidArgumentError({
      argument: '--base',
      expected: `a network for images of ${store.height}x${store.width}x${store.channels}`,
      received: `one for ${height}x${width}x${channels}`,
      fix: `Pass --image-size ${height}, or the run of another network.`,
    });
  }
  return model;
}

/** Experiment 2 on the same split, with checkpoints of its own. */
async function trainFirst(run: ExperimentRun) {
  const { store, classList } = run;
  const imageShape = [store.height, store.width, store.channels] as const;
  const model = createCnn({
    ...{ classes: classList.names.length, imageShape, channels: flags.channels, seed: flags.seed },
  });
  const checkpoints = run.checkpointsOf('first-network');
  await trainWhole(model, { ...run, training: { ...run.training, checkpoints } });
  return model;
}
