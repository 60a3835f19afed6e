/**
 * Experiment 3 of the reference study: dense layers on a frozen InceptionV3 tell normal, bacterial and viral pneumonia
 * apart. The base runs once over every image; with --fine-tune-from its last blocks are trained afterwards, too.
 *
 *   npx -y pnpm@12.21.0 example inception-v3-3-classes --data <folder of chest X-rays> --weights imagenet
 *
 * Without --data it trains on synthetic images, without --weights on features of a random network.
 * Research only, not a medical device.
 */
import { Option } from 'commander';
import { NORMAL_BACTERIAL_VIRAL } from 'xray-core';
import { createInceptionV3, createTransferModel, STUDY_HEADS } from 'xray-models';
import { fineTunePhase } from './common/fine-tune.js';
import { positiveInteger, positiveNumber } from './common/flag-values.js';
import { parseTrainingFlags } from './common/flags.js';
import { loadBaseWeights } from './common/load-base-weights.js';
import { runExperiment } from './common/run-experiment.js';
import { trainOnFeatures } from './common/train-on-features.js';

const flags = parseTrainingFlags<{
  weights: string;
  fineTuneFrom: string;
  fineTuneEpochs: number;
  fineTuneLearningRate: number;
}>({
  name: 'inception-v3-3-classes',
  summary: 'Trains dense layers on a frozen InceptionV3: normal, bacterial or viral.',
  study: { epochs: 30, batchSize: 64, imageSize: 224, channels: 3, learningRate: 1e-4 },
  synthetic: { epochs: 3, batchSize: 16, imageSize: 96, channels: 3, learningRate: 1e-4 },
  onFeatures: true,
  options: [
    new Option(
      '--weights <file>',
      'imagenet, or path or URL of an InceptionV3 in a file of Keras (.h5, .keras, .weights.h5) or in a folder of TensorFlow.js ' +
        '(default: random weights)',
    ),
    new Option(
      '--fine-tune-from <layer>',
      'train what lies behind this layer afterwards, for example mixed8',
    ),
    new Option('--fine-tune-epochs <number>', 'most epochs of it').argParser(positiveInteger).default(5),
    new Option('--fine-tune-learning-rate <rate>', 'of it').argParser(positiveNumber).default(1e-5),
  ],
});

await runExperiment(flags, {
  title: 'Dense layers on a frozen InceptionV3, normal, bacterial or viral pneumonia',
  architecture: 'inception-v3',
  classList: NORMAL_BACTERIAL_VIRAL,
  async createModel({ store, classList, context }) {
    const imageShape = [store.height, store.width, store.channels] as const;
    const base = createInceptionV3({ imageShape, rescale: !flags.asPublished, seed: flags.seed });
    if (flags.weights) await loadBaseWeights(base, flags.weights, context);
    const classes = classList.names.length;
    return createTransferModel({ base, head: STUDY_HEADS.INCEPTION_V3, classes, seed: flags.seed });
  },
  train(model, run) {
    const {
      fineTuneFrom: from,
      fineTuneEpochs: epochs = 5,
      fineTuneLearningRate: learningRate = 1e-5,
    } = flags;
    const next = from ? [fineTunePhase(model, run, { from, epochs, learningRate })] : [];
    return trainOnFeatures(model, 'mixed10', run, next);
  },
});
