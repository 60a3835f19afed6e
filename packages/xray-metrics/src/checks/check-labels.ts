import { InvalidArgumentError } from 'xray-core';

/** @internal Rejects an empty list and anything but class indices `0 ... classCount - 1`. */
export function checkLabels(argument: string, labels: ArrayLike<number>, classCount: number): void {
  if (labels.length === 0) {
    throw new InvalidArgumentError({
      argument,
      expected: 'at least one label',
      received: [],
      fix: 'No number can be computed without images; check that the split is not empty.',
    });
  }
  for (let index = 0; index < labels.length; index++) {
    const label = labels[index]!;
    if (Number.isInteger(label) && label >= 0 && label < classCount) continue;
    throw new InvalidArgumentError({
      argument: `${argument}[${index}]`,
      expected:
        classCount === 2 ? '0 (negative) or 1 (positive)' : `a class index from 0 to ${classCount - 1}`,
      received: label,
      fix:
        classCount === 2
          ? 'For more classes, take `twoClassLabels(predictions)` or pass the class count.'
          : 'Take the index of the class in the class list.',
    });
  }
}

/** @internal Rejects a class count that is not an integer of at least 2. */
export function checkClassCount(classCount: number): void {
  if (Number.isSafeInteger(classCount) && classCount >= 2) return;
  throw new InvalidArgumentError({
    argument: 'classCount',
    expected: 'an integer of at least 2',
    received: classCount,
  });
}

/** @internal Rejects a list that is not exactly as long as the labels (times `perLabel`). */
export function checkLength(
  argument: string,
  values: ArrayLike<unknown>,
  labels: ArrayLike<number>,
  perLabel = 1,
): void {
  const expected = labels.length * perLabel;
  if (values.length === expected) return;
  throw new InvalidArgumentError({
    argument,
    expected: `${expected} values, ${perLabel} for each of the ${labels.length} labels`,
    received: values.length,
  });
}
