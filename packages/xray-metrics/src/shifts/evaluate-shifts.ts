import { InvalidArgumentError, type Predictions, type ShiftEvaluation, type ShiftScores } from 'xray-core';
import { auroc } from '../discrimination/auroc.js';
import { operatingPoint } from '../operating-points/operating-point.js';
import { pneumoniaScores, twoClassLabels } from '../two-class-view.js';
import { joinPredictions } from './join-predictions.js';

/** Predictions for images that were all changed in one way. */
export interface ShiftedPredictions extends Pick<ShiftScores, 'name' | 'strength' | 'setting'> {
  readonly predictions: Predictions;
}

type Scores = ShiftEvaluation['mean'];

/**
 * Measures how a model holds under acquisition shifts: for each AUROC, and sensitivity and specificity at a threshold that was
 * chosen before; their mean and worst; and the AUROC over all changed images together.
 *
 * @param unchanged - For the images as they are.
 * @param shifted - For the same images under each shift.
 * @param options.threshold - In `[0, 1]`, as for the images as they are.
 * @param options.split - Which images they are.
 * @throws {InvalidArgumentError} If there is no shift, or predictions are of other images or not consistent.
 *
 * @example
 * const { worst, pooledAuroc } = evaluateShifts(validation, shifted, { threshold, split: 'validation' });
 */
export function evaluateShifts(
  unchanged: Predictions,
  shifted: readonly ShiftedPredictions[],
  options: { readonly threshold: number; readonly split: ShiftEvaluation['split'] },
): ShiftEvaluation {
  const { threshold, split } = options;
  for (const { name, strength, predictions } of shifted) {
    const isSame =
      predictions.labels.length === unchanged.labels.length &&
      predictions.labels.every((label, image) => label === unchanged.labels[image]);
    if (isSame) continue;
    throw new InvalidArgumentError({
      argument: `shifted: ${name} ${strength}`,
      expected: `the ${unchanged.labels.length} images of the unchanged predictions, in their order`,
      received: `${predictions.labels.length} images or other labels`,
    });
  }
  const pooled = joinPredictions(shifted.map(({ predictions }) => predictions));
  const rows = shifted.map(({ name, strength, setting, predictions }) => ({
    name,
    strength,
    setting,
    ...scoresOf(predictions, threshold),
  }));
  return {
    split,
    sampleCount: unchanged.labels.length,
    threshold,
    unchanged: scoresOf(unchanged, threshold),
    shifts: rows,
    mean: summary(rows, (values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    worst: summary(rows, (values) => Math.min(...values)),
    pooledAuroc: auroc(twoClassLabels(pooled), pneumoniaScores(pooled)),
  };
}

function scoresOf(predictions: Predictions, threshold: number): Scores {
  const labels = twoClassLabels(predictions);
  const scores = pneumoniaScores(predictions);
  const { sensitivity, specificity } = operatingPoint(labels, scores, threshold);
  return { auroc: auroc(labels, scores), sensitivity, specificity };
}

function summary(rows: readonly Scores[], of: (values: readonly number[]) => number): Scores {
  const over = (key: keyof Scores) => {
    const values = rows.map((row) => row[key]).filter((value) => value !== null);
    return values.length === 0 ? null : of(values);
  };
  return { auroc: over('auroc'), sensitivity: over('sensitivity'), specificity: over('specificity') };
}
