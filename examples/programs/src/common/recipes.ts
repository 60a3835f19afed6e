import type { ThresholdRule } from 'xray-core';
import { balancedClassWeights, countClasses } from 'xray-dataset';
import { adamW, legacyKerasDecay, oneCycle, type TrainOptions } from 'xray-train';
import type { TrainingFlags } from './flags.js';
import type { ExperimentRun } from './run-experiment.js';

/** How an experiment trains. */
export interface Recipe {
  /** How the threshold is chosen on validation. */
  readonly thresholdRule: ThresholdRule;
  /** One part of a sentence for the report, such as `Adam, learning rate 0.0001`. */
  describe(flags: { readonly learningRate: number }): string;
  /** What `train` needs beyond the data. */
  options(
    run: Pick<ExperimentRun, 'classList' | 'splits'> & {
      readonly flags: Pick<TrainingFlags, 'learningRate' | 'batchSize' | 'epochs'>;
    },
  ): RecipeOptions;
}

type RecipeOptions = Pick<
  TrainOptions,
  | 'optimizer'
  | 'learningRate'
  | 'classWeights'
  | 'labelSmoothing'
  | 'averageWeights'
  | 'clipNorm'
  | 'earlyStopping'
  | 'keepWeights'
>;

/** The study's: Adam with a slow decay, until validation has not improved for three epochs; the best weights. */
export const studyRecipe: Recipe = {
  thresholdRule: 'youden',
  describe: ({ learningRate }) => `Adam, learning rate ${learningRate} with Keras' legacy decay of 1e-5`,
  options: ({ flags }) => ({
    learningRate: legacyKerasDecay(flags.learningRate, 1e-5),
    earlyStopping: { monitor: 'val_loss', mode: 'min', patience: 3 },
    keepWeights: 'best',
  }),
};

const WEIGHT_DECAY = 1e-2;
const LABEL_SMOOTHING = 0.05;
const AVERAGE_DECAY = 0.995;
const WARM_UP_SHARE = 0.15;

/**
 * For images from elsewhere: AdamW on one cycle, classes that count alike, smoothed labels and averaged weights; those at the
 * end of the cycle are kept, because validation images of the same folder cannot tell which epoch holds best elsewhere.
 */
export const robustRecipe: Recipe = {
  thresholdRule: 'youden-under-shifts',
  describe: ({ learningRate }) =>
    `AdamW with a weight decay of ${WEIGHT_DECAY}, one cycle up to a learning rate of ${learningRate}, balanced class weights, labels smoothed by ${LABEL_SMOOTHING}, weights averaged with ${AVERAGE_DECAY}`,
  options: ({ flags, classList, splits }) => ({
    optimizer: adamW({ weightDecay: WEIGHT_DECAY }),
    learningRate: cycleOf(
      flags.learningRate,
      Math.ceil(splits.train.length / flags.batchSize) * flags.epochs,
    ),
    classWeights: balancedClassWeights(countClasses(splits.train, classList)),
    labelSmoothing: LABEL_SMOOTHING,
    averageWeights: { decay: AVERAGE_DECAY },
    keepWeights: 'last',
  }),
};

/** A cycle also where a first look takes a handful of steps, which leave no room for that share of warm-up. */
function cycleOf(rate: number, steps: number) {
  const warmUpShare = Math.max(WARM_UP_SHARE, Math.min(0.75, 1.5 / steps));
  return oneCycle({ rate, steps: Math.max(2, steps), warmUpShare });
}
