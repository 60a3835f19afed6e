import { InvalidArgumentError, type Predictions } from 'xray-core';
import { checkLabels, checkLength } from '../checks/check-labels.js';
import { checkProbabilities } from '../checks/check-scores.js';

/** How far a row may be from 1: wide enough for half-precision models, far too narrow for logits. */
const SUM_TOLERANCE = 1e-3;

/** @internal Everything the numbers rely on: lengths, label range, rows that are probabilities. */
export function checkPredictions(predictions: Predictions): void {
  const { ids, patientIds, classNames, labels, probabilities } = predictions;
  const classCount = classNames.length;
  if (classCount < 2) {
    throw new InvalidArgumentError({
      argument: 'predictions.classNames',
      expected: 'at least two class names, the negative class first',
      received: classNames,
    });
  }
  checkLength('predictions.ids', ids, labels);
  if (patientIds) checkLength('predictions.patientIds', patientIds, labels);
  checkLength('predictions.probabilities', probabilities, labels, classCount);
  checkLabels('predictions.labels', labels, classCount);
  checkProbabilities('predictions.probabilities', probabilities);
  for (let row = 0; row < labels.length; row++) {
    let sum = 0;
    for (let label = 0; label < classCount; label++) sum += probabilities[row * classCount + label]!;
    if (Math.abs(sum - 1) <= SUM_TOLERANCE) continue;
    throw new InvalidArgumentError({
      argument: 'predictions.probabilities',
      expected: `rows that sum to 1, row ${row} (${ids[row]}) too`,
      received: [...probabilities.subarray(row * classCount, (row + 1) * classCount)],
      fix: 'End the model with softmax, and turn a single sigmoid output p into [1 - p, p].',
    });
  }
}
