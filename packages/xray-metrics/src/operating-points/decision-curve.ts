import { InvalidArgumentError } from 'xray-core';
import { checkShare } from '../checks/check-options.js';
import { checkProbabilityScores } from '../checks/check-scores.js';
import { countCumulative, sortScores } from '../discrimination/sorted-scores.js';

/** Options of `decisionCurve`. */
export interface DecisionCurveOptions {
  /** Strictly between 0 and 1, in any order. @default 0.01, 0.02, ... 0.99 */
  readonly thresholds?: readonly number[] | undefined;
  /** Share of the disease where the model is used, strictly between 0 and 1. @default that of the data */
  readonly prevalence?: number | undefined;
}

/** One point of a decision curve. */
export interface DecisionPoint {
  /** Probability from which one would act: its odds are the worth of a false alarm in pneumonias found. */
  readonly threshold: number;
  /** Of acting on the model, in pneumonias found per image. */
  readonly netBenefit: number;
  /** Of acting on every image. Acting on none has a net benefit of 0. */
  readonly treatAll: number;
}

/**
 * Computes a decision curve: what acting on the model's probabilities is worth, against acting always and never, for
 * everything that a false alarm may be held to cost. At threshold t, true positives count 1 and false positives
 * t / (1 - t), per image. It needs calibrated probabilities.
 *
 * @param labels - `[n]`, 0 for negative, 1 for positive.
 * @param probabilities - `[n]`, of the positive class, in `[0, 1]`.
 * @returns One point per threshold in their order, or `null` if a class has no images.
 * @throws {InvalidArgumentError} If lengths differ, there is no label, or a value or an option is out of range.
 *
 * @see Vickers & Elkin 2006, Decision curve analysis, doi:10.1177/0272989X06295361
 */
export function decisionCurve(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options: DecisionCurveOptions = {},
): DecisionPoint[] | null {
  const { thresholds = Array.from({ length: 99 }, (_, index) => (index + 1) / 100) } = options;
  checkProbabilityScores(labels, probabilities);
  thresholds.forEach((threshold, index) => {
    if (threshold > 0 && threshold < 1) return;
    throw new InvalidArgumentError({
      argument: `thresholds[${index}]`,
      expected: 'a number strictly between 0 and 1',
      received: threshold,
    });
  });
  const sorted = sortScores(probabilities, (image) => labels[image] === 1);
  const { truePositives, falsePositives } = countCumulative(sorted);
  const positives = truePositives.at(-1)!;
  const negatives = falsePositives.at(-1)!;
  if (positives === 0 || negatives === 0) return null;
  const { prevalence = positives / (positives + negatives) } = options;
  checkShare('prevalence', prevalence);
  return thresholds.map((threshold) => {
    const group = lastAtLeast(sorted.values, threshold);
    const sensitivity = group < 0 ? 0 : truePositives[group]! / positives;
    const alarms = group < 0 ? 0 : falsePositives[group]! / negatives;
    const odds = threshold / (1 - threshold);
    return {
      threshold,
      netBenefit: sensitivity * prevalence - alarms * (1 - prevalence) * odds,
      treatAll: prevalence - (1 - prevalence) * odds,
    };
  });
}

/** Index of the lowest value that is at least the threshold, of falling values; -1 if there is none. */
function lastAtLeast(values: Float64Array, threshold: number): number {
  let low = -1;
  let high = values.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle]! >= threshold) low = middle;
    else high = middle;
  }
  return low;
}
