import { NORMAL_BACTERIAL_VIRAL, NORMAL_PNEUMONIA } from 'xray-core';
import type { Recipe } from './recipe.js';

/** The study's training: Adam with a slow decay, until validation has not improved for three epochs; the best weights. */
const STUDY_TRAINING = {
  microBatchSize: 8,
  learningRate: 1e-4,
  optimizer: { kind: 'adam' },
  schedule: { kind: 'legacy-keras-decay', decay: 1e-5 },
  classWeights: 'none',
  labelSmoothing: 0,
  averageWeights: null,
  clipNorm: null,
  patience: 3,
  bestEpochBy: 'validation',
} as const;

/**
 * For images from elsewhere: AdamW on one cycle, classes that count alike, smoothed labels and averaged weights. The weights at
 * the end of the cycle are kept, because validation images of the same folder cannot tell which epoch holds best elsewhere.
 */
const ROBUST_TRAINING = {
  epochs: 24,
  batchSize: 32,
  microBatchSize: 32,
  learningRate: 2e-3,
  optimizer: { kind: 'adamw', weightDecay: 1e-2 },
  schedule: { kind: 'one-cycle', warmUpShare: 0.15 },
  classWeights: 'balanced',
  labelSmoothing: 0.05,
  averageWeights: 0.995,
  clipNorm: null,
  patience: null,
  bestEpochBy: 'last',
} as const;

const STUDY = {
  images: { size: 224, channels: 3 },
  augmentation: 'reference-study',
  calibration: 'none',
  thresholdRule: 'youden',
  shifts: false,
} as const;

const ROBUST = {
  network: { kind: 'robust-cnn' },
  images: { size: 96, channels: 1 },
  training: ROBUST_TRAINING,
  augmentation: 'robust',
  calibration: 'temperature',
  thresholdRule: 'youden-under-shifts',
  shifts: true,
} as const;

const copy = (classList: { names: readonly string[]; findings: Readonly<Record<string, string>> }) => ({
  names: [...classList.names],
  findings: { ...classList.findings },
});

const TWO = copy(NORMAL_PNEUMONIA);
const THREE = copy(NORMAL_BACTERIAL_VIRAL);

/** Recipes by name. `robust` is the one to start with; the others are the experiments of the reference study. */
export const RECIPES = {
  robust: {
    name: 'robust',
    title: 'Robust small CNN, normal, pneumonia',
    summary: 'A small network that still works on images from elsewhere: normal or pneumonia.',
    classList: TWO,
    ...ROBUST,
  },
  'robust-3-classes': {
    name: 'robust-3-classes',
    title: 'Robust small CNN, normal, bacterial, viral',
    summary: 'A small network that still works on images from elsewhere: normal, bacterial or viral.',
    classList: THREE,
    ...ROBUST,
  },
  'cnn-2-classes': {
    name: 'cnn-2-classes',
    title: 'Small CNN, normal or pneumonia',
    summary: 'Experiment 1 of the reference study: a small CNN, normal or pneumonia.',
    classList: TWO,
    network: { kind: 'cnn' },
    training: { ...STUDY_TRAINING, epochs: 30, batchSize: 32 },
    ...STUDY,
  },
  'cnn-3-classes': {
    name: 'cnn-3-classes',
    title: 'Small CNN, normal, bacterial or viral pneumonia',
    summary: 'Experiment 2 of the reference study: a small CNN, normal, bacterial or viral.',
    classList: THREE,
    network: { kind: 'cnn' },
    training: { ...STUDY_TRAINING, epochs: 30, batchSize: 64 },
    ...STUDY,
  },
  'inception-v3': {
    name: 'inception-v3',
    title: 'Dense layers on a frozen InceptionV3, normal, bacterial or viral pneumonia',
    summary: 'Experiment 3 of the reference study: dense layers on a frozen InceptionV3, three classes.',
    classList: THREE,
    network: { kind: 'inception-v3', weights: null, fineTune: null },
    training: { ...STUDY_TRAINING, epochs: 30, batchSize: 64 },
    ...STUDY,
  },
  'cnn-transfer': {
    name: 'cnn-transfer',
    title: 'Small CNN on a frozen small CNN, normal, bacterial or viral pneumonia',
    summary: 'Experiment 4 of the reference study: a small CNN on the frozen convolutions of another one.',
    classList: THREE,
    network: { kind: 'cnn-on-cnn', base: null },
    training: { ...STUDY_TRAINING, epochs: 100, batchSize: 32 },
    ...STUDY,
  },
} as const satisfies Readonly<Record<string, Recipe>>;

/** Name of a built-in recipe. */
export type RecipeName = keyof typeof RECIPES;
