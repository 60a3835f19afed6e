import { InvalidArgumentError, type Predictions } from 'xray-core';
import { pneumoniaScores, twoClassLabels } from '../two-class-view.js';
import type { PlattScaling } from './calibrator.js';
import { fitLogistic } from './fit-logistic.js';
import { logit } from './logit.js';

/**
 * Fits Platt scaling of the pneumonia score: a logistic regression of the truth on the score's logit, with Platt's
 * targets, which lie a little inside 0 and 1 so that a few images cannot make it sure. Keeps the ranking of the score.
 * Fit on validation, apply elsewhere.
 *
 * @returns Plain JSON.
 * @throws {InvalidArgumentError} If `predictions` is not consistent, only one class is present, or all scores are equal.
 *
 * @see Platt 1999, Probabilistic outputs for support vector machines, in Advances in Large Margin Classifiers, 61-74
 */
export function fitPlatt(predictions: Predictions): PlattScaling {
  const labels = twoClassLabels(predictions);
  const x = Float64Array.from(pneumoniaScores(predictions), logit);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  const targets = Float64Array.from(labels, (label) => (label === 1 ? high : low));
  const fit = positives > 0 && negatives > 0 ? fitLogistic(x, targets) : null;
  if (fit === null) {
    throw new InvalidArgumentError({
      argument: 'predictions',
      expected: 'images of both classes with different scores',
      received: { negatives, positives },
      fix: 'Fit on a larger or stratified validation split.',
    });
  }
  return { method: 'platt', slope: fit.slope, intercept: fit.intercept };
}
