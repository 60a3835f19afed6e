import { ClassMismatchError, InvalidArgumentError, type Predictions } from 'xray-core';
import { checkPredictions } from './check-predictions.js';

/**
 * Brings the predictions of a second model into the order of the first one's images, by id, so that the two can be
 * compared image by image.
 *
 * @returns `second` with the ids, patients and labels of `first`, in its order.
 * @throws {ClassMismatchError} If the class names differ.
 * @throws {InvalidArgumentError} If either is not consistent, an id occurs twice, or the two do not hold the same images
 *   with the same labels.
 *
 * @example
 * await bootstrapTest(first, alignPredictions(first, second), 'auroc', { seed: 7 });
 */
export function alignPredictions(first: Predictions, second: Predictions): Predictions {
  checkPredictions(first);
  checkPredictions(second);
  checkClassNames(first, second);
  const rowOf = indexIds(second.ids, 'second.ids');
  indexIds(first.ids, 'first.ids');
  if (first.ids.length !== second.ids.length) {
    throw new InvalidArgumentError({
      argument: 'second.ids',
      expected: `the ${first.ids.length} images of the first predictions`,
      received: second.ids.length,
      fix: 'Predict the same images with both models.',
    });
  }
  const classCount = first.classNames.length;
  const probabilities = new Float32Array(second.probabilities.length);
  first.ids.forEach((id, image) => {
    const row = rowOf.get(id);
    if (row === undefined) refuse(`second.ids`, `a list with ${id}, which the first predictions hold`, null);
    if (second.labels[row!] !== first.labels[image]) {
      refuse(`second.labels[${row}]`, `${first.labels[image]}, the label of ${id}`, second.labels[row!]);
    }
    for (let label = 0; label < classCount; label++) {
      probabilities[image * classCount + label] = second.probabilities[row! * classCount + label]!;
    }
  });
  const { patientIds: _, ...others } = second;
  const patients = first.patientIds && { patientIds: first.patientIds };
  return { ...others, ids: first.ids, ...patients, labels: first.labels, probabilities };
}

/** @internal Rejects pairs of predictions that are not of the same images in the same order. */
export function checkPaired(first: Predictions, second: Predictions): void {
  checkPredictions(first);
  checkPredictions(second);
  checkClassNames(first, second);
  const isPaired =
    first.ids.length === second.ids.length &&
    first.ids.every((id, image) => second.ids[image] === id && second.labels[image] === first.labels[image]);
  if (isPaired) return;
  const image = first.ids.findIndex(
    (id, index) => second.ids[index] !== id || second.labels[index] !== first.labels[index],
  );
  throw new InvalidArgumentError({
    argument: 'second',
    expected: 'predictions of the same images with the same labels, in the order of the first',
    received: { image, first: first.ids[image], second: second.ids[image] },
    fix: 'Align them: `alignPredictions(first, second)`.',
  });
}

function checkClassNames(first: Predictions, second: Predictions): void {
  const isSame =
    first.classNames.length === second.classNames.length &&
    first.classNames.every((name, label) => second.classNames[label] === name);
  if (isSame) return;
  throw new ClassMismatchError({
    what: 'The second predictions',
    expected: first.classNames,
    received: second.classNames,
  });
}

function indexIds(ids: readonly string[], argument: string): Map<string, number> {
  const rows = new Map(ids.map((id, row) => [id, row]));
  if (rows.size < ids.length) {
    const received = ids.find((id, row) => rows.get(id) !== row);
    refuse(argument, 'a list in which every id occurs once', received);
  }
  return rows;
}

function refuse(argument: string, expected: string, received: unknown): never {
  throw new InvalidArgumentError({ argument, expected, received });
}
