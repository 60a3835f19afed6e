import type { ClassList } from 'xray-core';
import { balancedClassWeights, countClasses, type Splits } from 'xray-dataset';
import { adamW, type LearningRateSchedule, legacyKerasDecay, oneCycle, type TrainOptions } from 'xray-train';
import type { Recipe } from './recipe.js';

/** What `train` needs beyond the model and the data. */
export type RecipeTrainingOptions = Pick<
  TrainOptions,
  | 'epochs'
  | 'microBatchSize'
  | 'optimizer'
  | 'learningRate'
  | 'classWeights'
  | 'labelSmoothing'
  | 'averageWeights'
  | 'clipNorm'
  | 'earlyStopping'
  | 'keepWeights'
>;

/** What a recipe says, as `train` takes it. */
export function trainingOptionsOf(
  { training }: Pick<Recipe, 'training'>,
  { classList, splits }: { readonly classList: ClassList; readonly splits: Pick<Splits, 'train'> },
): RecipeTrainingOptions {
  const steps = Math.ceil(splits.train.length / training.batchSize) * training.epochs;
  const { optimizer, patience, averageWeights } = training;
  return {
    epochs: training.epochs,
    microBatchSize: training.microBatchSize,
    ...(optimizer.kind === 'adamw' ? { optimizer: adamW({ weightDecay: optimizer.weightDecay }) } : {}), // adam is the default
    learningRate: scheduleOf(training, steps),
    ...(training.classWeights === 'balanced'
      ? { classWeights: balancedClassWeights(countClasses(splits.train, classList)) }
      : {}),
    labelSmoothing: training.labelSmoothing,
    averageWeights: averageWeights === null ? undefined : { decay: averageWeights },
    clipNorm: training.clipNorm ?? undefined,
    ...(patience === null ? {} : { earlyStopping: { monitor: 'val_loss', mode: 'min', patience } }),
    keepWeights: training.bestEpochBy === 'last' ? 'last' : 'best',
  };
}

/** One part of a sentence for the report, such as `Adam, learning rate 0.0001`. */
export function describeTraining({ training }: Pick<Recipe, 'training'>): string {
  const { optimizer, schedule, learningRate } = training;
  const name = optimizer.kind === 'adam' ? 'Adam' : `AdamW with a weight decay of ${optimizer.weightDecay}`;
  const rate = {
    constant: `learning rate ${learningRate}`,
    'legacy-keras-decay': `learning rate ${learningRate} with Keras' legacy decay of ${'decay' in schedule ? schedule.decay : ''}`,
    'one-cycle': `one cycle up to a learning rate of ${learningRate}`,
  }[schedule.kind];
  return [
    name,
    rate,
    ...(training.classWeights === 'balanced' ? ['balanced class weights'] : []),
    ...(training.labelSmoothing > 0 ? [`labels smoothed by ${training.labelSmoothing}`] : []),
    ...(training.averageWeights === null ? [] : [`weights averaged with ${training.averageWeights}`]),
    ...(training.clipNorm === null ? [] : [`gradients clipped to a norm of ${training.clipNorm}`]),
  ].join(', ');
}

function scheduleOf(
  { schedule, learningRate }: Recipe['training'],
  steps: number,
): number | LearningRateSchedule {
  switch (schedule.kind) {
    case 'constant':
      return learningRate;
    case 'legacy-keras-decay':
      return legacyKerasDecay(learningRate, schedule.decay);
    case 'one-cycle': {
      // A first look takes a handful of steps, which leave no room for that share of warm-up.
      const warmUpShare = Math.max(schedule.warmUpShare, Math.min(0.75, 1.5 / steps));
      return oneCycle({ rate: learningRate, steps: Math.max(2, steps), warmUpShare });
    }
  }
}
