import { InvalidArgumentError, type Predictions } from 'xray-core';
import { checkPredictions } from '../predictions/check-predictions.js';

/**
 * Predictions of several sets of images as one, in the order given; the same image may be in several, under shifts for
 * example.
 *
 * @throws {InvalidArgumentError} If there are none, their class names differ, or one of them is not consistent.
 *
 * @example
 * const threshold = chooseThreshold(joinPredictions([validation, ...shifted]), 'youden-under-shifts');
 */
export function joinPredictions(parts: readonly Predictions[]): Predictions {
  const [first] = parts;
  if (first === undefined) {
    throw new InvalidArgumentError({ argument: 'parts', expected: 'at least one', received: parts });
  }
  const { classNames } = first;
  for (const [index, part] of parts.entries()) {
    checkPredictions(part);
    if (part.classNames.join('\n') === classNames.join('\n')) continue;
    throw new InvalidArgumentError({
      argument: `parts[${index}].classNames`,
      expected: `those of the first: ${classNames.join(', ')}`,
      received: part.classNames,
    });
  }
  const count = parts.reduce((sum, { labels }) => sum + labels.length, 0);
  const labels = new Int32Array(count);
  const probabilities = new Float32Array(count * classNames.length);
  let at = 0;
  for (const part of parts) {
    labels.set(part.labels, at);
    probabilities.set(part.probabilities, at * classNames.length);
    at += part.labels.length;
  }
  const patientIds = parts.flatMap((part) => part.patientIds ?? []);
  return {
    ids: parts.flatMap(({ ids }) => ids),
    ...(patientIds.length === count && { patientIds }),
    classNames,
    labels,
    probabilities,
  };
}
