import type { Recipe } from './recipe.js';

/** Values of a recipe that are often changed, by the names of their flags. */
export interface RecipeChanges {
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly microBatch?: number | undefined;
  /** Height and width in pixels. */
  readonly imageSize?: number | undefined;
  readonly channels?: 1 | 3 | undefined;
  readonly learningRate?: number | undefined;
  readonly augmentation?: Recipe['augmentation'] | undefined;
  readonly shifts?: boolean | undefined;
  readonly bestEpochBy?: Recipe['training']['bestEpochBy'] | undefined;
  readonly calibration?: Recipe['calibration'] | undefined;
  readonly thresholdRule?: Recipe['thresholdRule'] | undefined;
  readonly classList?: Recipe['classList'] | undefined;
}

/** A recipe with other values. */
export function changeRecipe(recipe: Recipe, changes: RecipeChanges): Recipe {
  const { training, images } = recipe;
  return {
    ...recipe,
    classList: changes.classList ?? recipe.classList,
    images: { size: changes.imageSize ?? images.size, channels: changes.channels ?? images.channels },
    training: {
      ...training,
      epochs: changes.epochs ?? training.epochs,
      batchSize: changes.batchSize ?? training.batchSize,
      microBatchSize: changes.microBatch ?? training.microBatchSize,
      learningRate: changes.learningRate ?? training.learningRate,
      bestEpochBy: changes.bestEpochBy ?? training.bestEpochBy,
    },
    augmentation: changes.augmentation ?? recipe.augmentation,
    calibration: changes.calibration ?? recipe.calibration,
    thresholdRule: changes.thresholdRule ?? recipe.thresholdRule,
    shifts: changes.shifts ?? recipe.shifts,
  };
}

/** What makes a recipe small enough for a demo on synthetic images, by the kind of its network. */
const SYNTHETIC = {
  cnn: { epochs: 10, batchSize: 16, imageSize: 64, channels: 1, learningRate: 1e-3 },
  'robust-cnn': { epochs: 4, batchSize: 16, imageSize: 64, channels: 1, learningRate: 2e-3 },
  'inception-v3': { epochs: 3, batchSize: 16, imageSize: 96, channels: 3, learningRate: 1e-4 },
  'cnn-on-cnn': { epochs: 6, batchSize: 16, imageSize: 190, channels: 1, learningRate: 1e-3 },
} as const satisfies Readonly<Record<Recipe['network']['kind'], RecipeChanges>>;

/** A recipe small enough for a demo on synthetic images. */
export function forSyntheticImages(recipe: Recipe): Recipe {
  return changeRecipe(recipe, SYNTHETIC[recipe.network.kind]);
}
