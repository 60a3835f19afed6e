import { type ClassScores, InvalidArgumentError } from 'xray-core';
import { mean } from '../statistics/mean.js';
import { type ConfusionMatrix, checkMatrix, rowSum } from './confusion-matrix.js';
import { accuracyOf, f1Of, precisionOf, recallOf } from './matrix-scores.js';

/** What `classificationScores` reads off a confusion matrix. */
export interface ClassificationScores {
  /** Share of images on the diagonal. */
  readonly accuracy: number;
  /** One entry per class, in the order of the matrix. */
  readonly perClass: readonly ClassScores[];
  /** Unweighted mean over the classes. */
  readonly macro: ClassScores;
  /** Mean over the classes weighted by support. */
  readonly weighted: ClassScores;
}

/**
 * Share of images whose predicted class is the true one: trace over total.
 *
 * @throws {InvalidArgumentError} If `matrix` is not a square table of counts with at least one image.
 */
export function accuracy(matrix: ConfusionMatrix): number {
  checkMatrix(matrix);
  return accuracyOf(matrix);
}

/**
 * Precision of one class, tp / (tp + fp): how many of the images taken for it belong to it.
 *
 * @returns In `[0, 1]`, or `null` if no image was taken for the class (scikit-learn's default says 0).
 * @throws {InvalidArgumentError} If `matrix` is not a square table of counts, or `label` not one of its classes.
 */
export function precision(matrix: ConfusionMatrix, label: number): number | null {
  checkClass(matrix, label);
  return precisionOf(matrix, label);
}

/**
 * Recall of one class, tp / (tp + fn): how many of its images were found.
 *
 * @returns In `[0, 1]`, or `null` if the class has no images (scikit-learn's default says 0).
 * @throws {InvalidArgumentError} If `matrix` is not a square table of counts, or `label` not one of its classes.
 */
export function recall(matrix: ConfusionMatrix, label: number): number | null {
  checkClass(matrix, label);
  return recallOf(matrix, label);
}

/**
 * F1 of one class, 2 tp / (2 tp + fp + fn): the harmonic mean of precision and recall.
 *
 * @returns In `[0, 1]`; 0 if the class has images but none was found; `null` only if the class occurs neither as
 *   a truth nor as a prediction.
 * @throws {InvalidArgumentError} If `matrix` is not a square table of counts, or `label` not one of its classes.
 *
 * @see van Rijsbergen, Information Retrieval, 2nd edition, 1979, chapter 7 (F1 is 1 - E with equal weights)
 */
export function f1(matrix: ConfusionMatrix, label: number): number | null {
  checkClass(matrix, label);
  return f1Of(matrix, label);
}

/**
 * Precision, recall, F1 and support of every class with their macro and weighted means.
 *
 * The means leave out classes for which a number is undefined, as scikit-learn does with `zero_division=np.nan`;
 * its default counts them as 0. A mean over nothing is `null`.
 *
 * @param matrix - `[true class][predicted class]` counts, from `confusionMatrix`.
 * @throws {InvalidArgumentError} If `matrix` is not a square table of counts with at least one image.
 *
 * @example
 * classificationScores([[190, 44], [5, 385]]).perClass[1].recall; // 0.987...
 */
export function classificationScores(matrix: ConfusionMatrix): ClassificationScores {
  checkMatrix(matrix);
  const perClass = matrix.map((_, label) => ({
    precision: precisionOf(matrix, label),
    recall: recallOf(matrix, label),
    f1: f1Of(matrix, label),
    support: rowSum(matrix, label),
  }));
  return {
    accuracy: accuracyOf(matrix),
    perClass,
    macro: meanScores(perClass, () => 1),
    weighted: meanScores(perClass, ({ support }) => support),
  };
}

function meanScores(perClass: readonly ClassScores[], weight: (scores: ClassScores) => number): ClassScores {
  const meanOf = (name: 'precision' | 'recall' | 'f1'): number | null => {
    const defined = perClass.filter((scores) => scores[name] !== null);
    return mean(
      defined.map((scores) => scores[name]!),
      defined.map(weight),
    );
  };
  return {
    precision: meanOf('precision'),
    recall: meanOf('recall'),
    f1: meanOf('f1'),
    support: perClass.reduce((sum, { support }) => sum + support, 0),
  };
}

function checkClass(matrix: ConfusionMatrix, label: number): void {
  checkMatrix(matrix);
  if (Number.isInteger(label) && label >= 0 && label < matrix.length) return;
  throw new InvalidArgumentError({
    argument: 'label',
    expected: `a class index from 0 to ${matrix.length - 1}`,
    received: label,
  });
}
