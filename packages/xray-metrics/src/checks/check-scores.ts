import { InvalidArgumentError } from 'xray-core';
import { checkLabels, checkLength } from './check-labels.js';

/** @internal Two-class labels with one finite score each. */
export function checkScores(labels: ArrayLike<number>, scores: ArrayLike<number>, argument = 'scores'): void {
  checkLength(argument, scores, labels);
  checkLabels('labels', labels, 2);
  checkRange(argument, scores, -Number.MAX_VALUE, Number.MAX_VALUE, 'a finite number');
}

/** @internal Two-class labels with the probability of the positive class. */
export function checkProbabilityScores(labels: ArrayLike<number>, probabilities: ArrayLike<number>): void {
  checkLength('probabilities', probabilities, labels);
  checkLabels('labels', labels, 2);
  checkProbabilities('probabilities', probabilities);
}

/** @internal Rejects values that are not probabilities. */
export function checkProbabilities(argument: string, probabilities: ArrayLike<number>): void {
  checkRange(argument, probabilities, 0, 1, 'a probability in [0, 1]');
}

function checkRange(
  argument: string,
  values: ArrayLike<number>,
  low: number,
  high: number,
  expected: string,
): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (value >= low && value <= high) continue;
    throw new InvalidArgumentError({
      argument: `${argument}[${index}]`,
      expected,
      received: value,
      fix: Number.isFinite(value)
        ? 'Apply softmax (or sigmoid) to logits first.'
        : 'Training has probably diverged; lower the learning rate.',
    });
  }
}
