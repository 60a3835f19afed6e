import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ClassList, ProgressEvent } from 'xray-core';
import type { Device } from 'xray-node-gpu';
import type { DatasetOptions } from '../data/dataset-options.js';
import type { SplitOptions } from '../data/split-options.js';
import type { RecipeName } from '../recipes/built-in-recipes.js';
import type { Recipe } from '../recipes/recipe.js';

/** What an experiment tells while it runs. */
export type ExperimentEvent =
  | ProgressEvent
  /** A sentence for people: what was found, left out or taken for granted. */
  | { readonly type: 'note'; readonly text: string };

/** What a model factory is told. */
export interface NetworkShape {
  /** `[height, width, channels]` of one image. */
  readonly imageShape: readonly [height: number, width: number, channels: number];
  /** Number of classes: the model gives a probability for each. */
  readonly classes: number;
  /** Drives the initial weights. */
  readonly seed: number;
}

/** Options of `runExperiment`. */
export interface ExperimentOptions extends Omit<DatasetOptions, 'data'>, SplitOptions {
  /** Where it computes, from `selectDevice` of `xray-node-gpu`. The caller disposes it. */
  readonly device: Device;
  /** A built-in recipe, or one of your own. @default 'robust' */
  readonly recipe?: RecipeName | Recipe | undefined;
  /** Dataset folder or MedMNIST file. @default synthetic chest X-rays */
  readonly data?: string | undefined;
  /** Run folder to create; it must be empty, or hold the run that `resume` continues. */
  readonly output: string;
  /** Classes and the findings they cover. @default those of the recipe */
  readonly classList?: ClassList | undefined;
  /**
   * Builds the network instead of the one of the recipe. It must give probabilities `[batch, classes]` for pixels in `[0, 1]`.
   */
  readonly createModel?: ((shape: NetworkShape) => LayersModel | Promise<LayersModel>) | undefined;
  /** Drives everything random. @default 7 */
  readonly seed?: number | undefined;
  /** At most so many images per class, whole patients, drawn before splitting. @default all */
  readonly limit?: number | undefined;
  /** Most memory of each worker's device, in MiB. @default no limit */
  readonly memoryLimit?: number | undefined;
  /** Goes on after the last finished epoch of the run in `output`. @default false */
  readonly resume?: boolean | undefined;
  /** Trains no further: evaluates and reports the run in `output` with its best weights. @default false */
  readonly finish?: boolean | undefined;
  /** After so many seconds of training the epoch that runs is the last one. @default no limit */
  readonly stopAfterSeconds?: number | undefined;
  /** Repeats the study's mistakes: random split, last weights, threshold 0.5. @default false */
  readonly asPublished?: boolean | undefined;
  /** What to do about images that cannot be read. @default 'fail' */
  readonly onBadImage?: 'fail' | 'skip' | undefined;
  /** Folder in which decoded pixels are kept for later runs. @default none */
  readonly cache?: string | undefined;
  /** How this was called, for `run.json` and the report. @default unknown */
  readonly command?: string | undefined;
  /** Stops with an `AbortedError`; the run folder then holds the last finished epoch. */
  readonly signal?: AbortSignal | undefined;
  /** Receives progress and sentences in order. An error thrown here stops the work. */
  readonly onEvent?: ((event: ExperimentEvent) => void) | undefined;
}

/** The same with everything that has a default. */
export type CompleteOptions = Omit<ExperimentOptions, 'recipe'> & {
  readonly recipe: Recipe;
  readonly seed: number;
  readonly ownSides: boolean;
  readonly validationShare: number;
  readonly testShare: number;
  readonly asPublished: boolean;
  readonly resume: boolean;
  readonly finish: boolean;
  readonly onBadImage: 'fail' | 'skip';
};
