import { InvalidArgumentError } from 'xray-core';
import { checkClassCount, checkLabels, checkLength } from '../checks/check-labels.js';

/**
 * Images counted as `[true class][predicted class]`, square. For two classes `[[tn, fp], [fn, tp]]`: the first
 * class is the negative one.
 */
export type ConfusionMatrix = readonly (readonly number[])[];

/**
 * Counts how often each true class was taken for each class.
 *
 * @param labels - `[n]`, true class indices in `[0, classCount)`.
 * @param predicted - `[n]`, decided class indices in `[0, classCount)`.
 * @param classCount - Number of classes, also when some of them do not occur.
 * @returns `[classCount][classCount]`, rows are the truth; the cells sum to `n`.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value is not a class index.
 *
 * @example
 * confusionMatrix([0, 0, 1, 1], [0, 1, 1, 1], 2); // [[1, 1], [0, 2]]
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classCount: number,
): number[][] {
  checkClassCount(classCount);
  checkLength('predicted', predicted, labels);
  checkLabels('labels', labels, classCount);
  checkLabels('predicted', predicted, classCount);
  return countPairs(labels, predicted, classCount);
}

/** @internal The same without checks, image `i` counted `weights[i]` times. */
export function countPairs(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classCount: number,
  weights?: ArrayLike<number>,
): number[][] {
  const matrix = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  for (let index = 0; index < labels.length; index++) {
    const row = matrix[labels[index]!]!;
    row[predicted[index]!]! += weights === undefined ? 1 : weights[index]!;
  }
  return matrix;
}

/** @internal Rejects what `confusionMatrix` cannot have made. */
export function checkMatrix(matrix: ConfusionMatrix, classCount = matrix.length): void {
  const isSquare = matrix.length === classCount && matrix.every((row) => row.length === classCount);
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  if (
    isSquare &&
    classCount >= 2 &&
    matrix.every((row) => row.every(isCount)) &&
    matrix.flat().some((value) => value > 0)
  )
    return;
  const size = matrix.length === classCount ? 'a square' : `a ${classCount} x ${classCount}`;
  throw new InvalidArgumentError({
    argument: 'matrix',
    expected: `${size} table of counts, [true class][predicted class], with at least two classes and one image`,
    received: matrix,
    fix: 'Make it with `confusionMatrix(labels, predicted, classCount)`.',
  });
}

/** @internal Sum of one row: images whose true class is `label`. */
export function rowSum(matrix: ConfusionMatrix, label: number): number {
  return matrix[label]!.reduce((sum, count) => sum + count, 0);
}

/** @internal Sum of one column: images that were taken for class `label`. */
export function columnSum(matrix: ConfusionMatrix, label: number): number {
  return matrix.reduce((sum, row) => sum + row[label]!, 0);
}
