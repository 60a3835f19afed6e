import { checkWholeNumber } from 'xray-core';
import { checkProbabilityScores } from '../checks/check-scores.js';
import { chiSquaredSurvival } from '../statistics/distributions.js';
import { binProbabilities } from './bins.js';

/** Options of `hosmerLemeshowTest`. */
export interface HosmerLemeshowOptions {
  /** Groups of about equally many images, by rising probability. At least 3. @default 10 */
  readonly groups?: number | undefined;
  /**
   * Whether the model was fitted on these images, which costs two degrees of freedom.
   *
   * @default false (validation or test images)
   */
  readonly onTrainingData?: boolean | undefined;
}

/** What `hosmerLemeshowTest` gives. */
export interface HosmerLemeshowTest {
  /** The larger, the worse the fit. */
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** In `[0, 1]`; `null` with too few groups of different probabilities. */
  readonly pValue: number | null;
}

/**
 * Computes the Hosmer-Lemeshow test of calibration, because reviewers ask for it. It says little: the result changes
 * with the number of groups, small samples pass whatever the model, large ones fail for deviations nobody minds, and it
 * does not say in which direction they go. Prefer slope, intercept and the reliability diagram.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param probabilities - `[n]`, of the positive class, in `[0, 1]`.
 * @returns Plain JSON. A group that expects no positives (or no negatives) but has some makes the statistic infinite:
 *   it is clipped at the largest double and the p-value is 0.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value or an option is out of range.
 *
 * @see Hosmer & Lemeshow 1980, doi:10.1080/03610928008827941
 * @see Hosmer, Lemeshow & Sturdivant 2013, Applied Logistic Regression, section 5.2.2, and its criticism there
 */
export function hosmerLemeshowTest(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: HosmerLemeshowOptions = {},
): HosmerLemeshowTest {
  const { groups = 10, onTrainingData = false } = options;
  checkWholeNumber('groups', groups, 3);
  checkProbabilityScores(labels, probabilities);
  const bins = binProbabilities(labels, probabilities, { bins: groups, binning: 'equal-mass' });
  let statistic = 0;
  for (const { count, positives, probabilitySum } of bins) {
    const squared = (positives - probabilitySum) ** 2;
    if (squared === 0) continue;
    statistic += squared / probabilitySum + squared / (count - probabilitySum);
  }
  const degreesOfFreedom = bins.length - (onTrainingData ? 2 : 0);
  return {
    statistic: Math.min(statistic, Number.MAX_VALUE),
    degreesOfFreedom,
    pValue: degreesOfFreedom > 0 ? chiSquaredSurvival(statistic, degreesOfFreedom) : null,
  };
}
