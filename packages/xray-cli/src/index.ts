/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-cli
 */
export type { DatasetOptions } from './data/dataset-options.js';
export type { ImageOptions } from './data/image-options.js';
export { parseClassList } from './data/parse-class-list.js';
export type { SplitOptions } from './data/split-options.js';
export type { EvaluateOptions, EvaluateResult } from './evaluation/evaluate-bundle.js';
export { evaluateBundle } from './evaluation/evaluate-bundle.js';
export type { PredictionsFileOptions } from './evaluation/evaluate-predictions-file.js';
export { evaluatePredictionsFile } from './evaluation/evaluate-predictions-file.js';
export { measureFamiliarity } from './evaluation/measure-familiarity.js';
export type { MeasureOptions, ValidationUnderShifts } from './evaluation/measure-under-shifts.js';
export { measureUnderShifts, predictUnderShifts } from './evaluation/measure-under-shifts.js';
export type { ExperimentEvent, ExperimentOptions, NetworkShape } from './experiment/experiment-options.js';
export type { ExperimentPlan, PlannedSplitFacts } from './experiment/plan-experiment.js';
export { planExperiment } from './experiment/plan-experiment.js';
export type { ExperimentResult } from './experiment/run-experiment.js';
export { runExperiment } from './experiment/run-experiment.js';
export type {
  PredictEvent,
  PredictedImage,
  PredictOptions,
  PredictResult,
} from './prediction/predict-folder.js';
export { predictFolder } from './prediction/predict-folder.js';
export type { AugmentationName } from './recipes/augmentations.js';
export type { RecipeName } from './recipes/built-in-recipes.js';
export { RECIPES } from './recipes/built-in-recipes.js';
export type { RecipeChanges } from './recipes/change-recipe.js';
export { changeRecipe } from './recipes/change-recipe.js';
export { checkRecipe, readRecipe } from './recipes/read-recipe.js';
export type {
  CnnNetwork,
  CnnOnCnnNetwork,
  InceptionNetwork,
  Recipe,
  RecipeTraining,
  RobustCnnNetwork,
} from './recipes/recipe.js';
export { recipeSchema } from './recipes/recipe.js';
export type { RecipeTrainingOptions } from './recipes/training-options.js';
export { trainingOptionsOf } from './recipes/training-options.js';
