import type { Estimate } from 'xray-core';
import { type ConfidenceOptions, tailOf } from '../checks/check-options.js';
import { type ConfusionMatrix, checkMatrix } from '../classification/confusion-matrix.js';
import { normalQuantile } from '../statistics/distributions.js';

/** How much a decision changes the odds of the disease. */
export interface LikelihoodRatios {
  /** Of an alarm, sensitivity / (1 - specificity), at least 1 for a useful test; `null` without false positives. */
  readonly positive: Estimate | null;
  /** Of an all-clear, (1 - sensitivity) / specificity, at most 1 for a useful test; `null` without true negatives. */
  readonly negative: Estimate | null;
}

/**
 * Computes positive and negative likelihood ratio with Simel's interval on the log scale. They do not depend on the
 * prevalence of the data: odds after the test are odds before times the ratio. Images count as independent.
 *
 * @param matrix - `[[tn, fp], [fn, tp]]`.
 * @returns Plain JSON. A ratio of 0 has no interval.
 * @throws {InvalidArgumentError} If `matrix` is not a 2 x 2 table of counts, or the confidence level is out of range.
 *
 * @see Simel, Samsa & Matchar 1991, Likelihood ratios with confidence, doi:10.1016/0895-4356(91)90128-V
 */
export function likelihoodRatios(matrix: ConfusionMatrix, options: ConfidenceOptions = {}): LikelihoodRatios {
  const z = -normalQuantile(tailOf(options));
  checkMatrix(matrix, 2);
  const [[tn, fp], [fn, tp]] = matrix as [[number, number], [number, number]];
  const compare = (sick: number, healthy: number): Estimate | null => {
    const sickTotal = tp + fn;
    const healthyTotal = tn + fp;
    if (sickTotal === 0 || healthy === 0) return null;
    const value = sick / sickTotal / (healthy / healthyTotal);
    if (value === 0) return { value, interval: null };
    const error = Math.sqrt(1 / sick - 1 / sickTotal + 1 / healthy - 1 / healthyTotal);
    return {
      value,
      interval: error === 0 ? null : [value * Math.exp(-z * error), value * Math.exp(z * error)],
    };
  };
  return { positive: compare(tp, fp), negative: compare(fn, tn) };
}
