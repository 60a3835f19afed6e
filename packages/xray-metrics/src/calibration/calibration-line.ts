import type { NormalEstimate } from 'xray-core';
import { type ConfidenceOptions, tailOf } from '../checks/check-options.js';
import { checkProbabilityScores } from '../checks/check-scores.js';
import { normalQuantile } from '../statistics/distributions.js';
import { fitLogistic } from './fit-logistic.js';
import { logit } from './logit.js';

/**
 * Computes the calibration slope: that of a logistic regression of the truth on the logit of the probability. 1 is
 * perfect, below 1 the probabilities are too extreme (overfitting), above 1 too timid.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param probabilities - `[n]`, of the positive class, in `[0, 1]`; clipped at 2⁻²³ before the logit.
 * @returns With Wald's interval, or `null` if only one class is present, the probabilities separate the classes
 *   perfectly, or are all equal.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value is out of range.
 *
 * @see Cox 1958, Two further applications of a model for binary regression, doi:10.1093/biomet/45.3-4.562
 * @see Van Calster et al. 2016, A calibration hierarchy for risk models, doi:10.1016/j.jclinepi.2015.12.005
 */
export function calibrationSlope(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: ConfidenceOptions = {},
): NormalEstimate | null {
  const fit = fitLine(labels, probabilities, options, undefined);
  return fit && estimate(fit.slope, fit.slopeError, options);
}

/**
 * Computes the calibration intercept (calibration in the large): that of a logistic regression of the truth on the logit
 * of the probability with slope 1. 0 is perfect, below 0 the probabilities are too high on average, above 0 too low.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param probabilities - `[n]`, of the positive class, in `[0, 1]`; clipped at 2⁻²³ before the logit.
 * @returns With Wald's interval, or `null` if only one class is present.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value is out of range.
 *
 * @see Van Calster et al. 2016, A calibration hierarchy for risk models, doi:10.1016/j.jclinepi.2015.12.005
 */
export function calibrationIntercept(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: ConfidenceOptions = {},
): NormalEstimate | null {
  const fit = fitLine(labels, probabilities, options, 1);
  return fit && estimate(fit.intercept, fit.interceptError, options);
}

function fitLine(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: ConfidenceOptions,
  fixedSlope: number | undefined,
) {
  tailOf(options);
  checkProbabilityScores(labels, probabilities);
  const x = Float64Array.from(probabilities, logit);
  if (fixedSlope === undefined && isSeparated(x, labels)) return null;
  return fitLogistic(x, labels, fixedSlope);
}

/** Whether no negative lies above a positive, or none below: then the slope has no maximum. */
function isSeparated(x: Float64Array, labels: ArrayLike<number>): boolean {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (let index = 0; index < x.length; index++) {
    const label = labels[index]!;
    low[label] = Math.min(low[label]!, x[index]!);
    high[label] = Math.max(high[label]!, x[index]!);
  }
  return high[0]! <= low[1]! || high[1]! <= low[0]!;
}

function estimate(value: number, standardError: number, options: ConfidenceOptions): NormalEstimate {
  const half = -normalQuantile(tailOf(options)) * standardError;
  return { value, standardError, interval: [value - half, value + half] };
}
