import type { LayersModel } from '@tensorflow/tfjs-layers';
import { acquisitionShifts } from 'xray-augment';
import { countClasses, type Splits } from 'xray-dataset';
import { rehearseStep } from 'xray-train';
import { openPixels } from '../data/open-pixels.js';
import { countPatients } from '../data/patient-notes.js';
import { fastForward } from '../devices/workers.js';
import { AUGMENTATIONS } from '../recipes/augmentations.js';
import { type Recipe, trainsOnFeatures } from '../recipes/recipe.js';
import { completeOptions } from './complete-options.js';
import { createNetwork } from './create-network.js';
import type { ExperimentOptions } from './experiment-options.js';
import { contextOf, planData } from './prepare-data.js';

/** Timed steps, after one to warm up. */
const STEPS = 3;

/** The forward pass of an image, as a share of its training step: the backward pass takes about twice as long. */
const FORWARD_SHARE = 1 / 3;

/** What is in a split. */
export interface PlannedSplitFacts {
  readonly images: number;
  /** `null` where nothing says whose images these are. */
  readonly patients: number | null;
  /** Class name → images. */
  readonly classes: Readonly<Record<string, number>>;
}

/** What an experiment would do. */
export interface ExperimentPlan {
  /** One sentence about the images. */
  readonly data: string;
  readonly splits: Readonly<Record<'train' | 'validation' | 'test', PlannedSplitFacts>>;
  /** The whole recipe, with all changes. */
  readonly recipe: Recipe;
  readonly network: { readonly parameters: number; readonly trainableParameters: number };
  /** Steps of the optimizer, at most. */
  readonly steps: number;
  /** Time of a training step for one image in one worker, measured on blank images, in seconds. */
  readonly secondsPerImage: number;
  /**
   * About how long training and measuring will take, in seconds, if all workers are busy all the time: decoding and early stopping
   * are not counted.
   */
  readonly estimatedSeconds: number;
  /** Most memory that the tensors of one worker take in a step, in bytes. */
  readonly peakBytes: number;
}

/**
 * Says what `runExperiment` would do with the same options: reads the index, draws the split, builds the network and times a few
 * steps of it. Nothing is trained or written, pretrained weights are not read.
 *
 * @throws Whatever `runExperiment` throws before it trains.
 */
export async function planExperiment(options: Omit<ExperimentOptions, 'output'>): Promise<ExperimentPlan> {
  const complete = completeOptions({ ...options, output: 'none', cache: undefined });
  const context = contextOf(complete);
  const { recipe } = complete;
  const { dataset, split } = await planData(context, complete);
  const samples = split.splits.train.slice(0, recipe.training.microBatchSize);
  const store = await openPixels(context, complete, { ...dataset, samples });
  const { classList } = recipe;
  const model = await createNetwork({ options: complete, context, store, classList });
  try {
    const images = recipe.training.microBatchSize;
    const forward = fastForward(model, context.device);
    const step = () => rehearseStep(model, { images, forward });
    const peakBytes = await context.device.memory.peakOf(step);
    const started = performance.now();
    for (let index = 0; index < STEPS; index++) await step();
    const secondsPerImage = (performance.now() - started) / 1000 / STEPS / images;
    const { splits } = split;
    return {
      data: dataset.description,
      splits: factsOf(splits, classList),
      recipe,
      network: { parameters: model.countParams(), trainableParameters: trainableParameters(model) },
      steps: Math.ceil(splits.train.length / recipe.training.batchSize) * recipe.training.epochs,
      secondsPerImage,
      estimatedSeconds: (secondsPerImage * imagesToCompute(recipe, splits)) / context.device.workers,
      peakBytes,
    };
  } finally {
    model.dispose();
  }
}

function factsOf(splits: Splits, classList: Recipe['classList']): ExperimentPlan['splits'] {
  const facts = (name: 'train' | 'validation' | 'test'): PlannedSplitFacts => {
    const counts = countClasses(splits[name], classList);
    return {
      images: splits[name].length,
      patients: countPatients(splits[name]),
      classes: Object.fromEntries(classList.names.map((className, label) => [className, counts[label]!])),
    };
  };
  return { train: facts('train'), validation: facts('validation'), test: facts('test') };
}

/** Training steps of one image that the whole takes as long as. */
function imagesToCompute(recipe: Recipe, { train, validation, test }: Splits): number {
  const { epochs } = recipe.training;
  const shifts = recipe.shifts ? acquisitionShifts().length : 0;
  const measured = validation.length * (1 + shifts) + test.length;
  if (!trainsOnFeatures(recipe)) {
    return train.length * epochs + FORWARD_SHARE * (validation.length * epochs + measured);
  }
  // A step with a frozen base is a forward pass; every variant of an image is computed once.
  const variants = AUGMENTATIONS[recipe.augmentation]() ? 2 : 1;
  return train.length * variants + validation.length + measured;
}

function trainableParameters({ trainableWeights }: LayersModel): number {
  return trainableWeights.reduce(
    (sum, { shape }) => sum + shape.reduce<number>((size, length) => size * (length ?? 1), 1),
    0,
  );
}
