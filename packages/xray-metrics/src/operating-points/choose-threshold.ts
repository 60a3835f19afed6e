import {
  checkWholeNumber,
  InvalidArgumentError,
  type OptionNames,
  type Predictions,
  refuseUnknownOptions,
  type ThresholdRule,
} from 'xray-core';
import { countCumulative, sortScores } from '../discrimination/sorted-scores.js';
import { pneumoniaScores, twoClassLabels } from '../two-class-view.js';
import { type ParsedRule, parseThresholdRule } from './threshold-rule.js';

const OPTIONS: OptionNames<ChooseThresholdOptions> = {
  copies: true,
};

/** Options of `chooseThreshold`. */
export interface ChooseThresholdOptions {
  /**
   * How often each image occurs among the predictions, as it is and changed; only as many images as there are without copies
   * count for the standard error of `youden-under-shifts`. @default 1
   */
  copies?: number | undefined;
}

/**
 * Chooses a threshold of the pneumonia score (positive when score >= threshold) on these predictions. Choose on
 * validation, then evaluate elsewhere: measured on the images it was chosen on, it looks better than it is.
 *
 * - `half`: 0.5, whatever the predictions.
 * - `youden`: the largest sensitivity + specificity - 1.
 * - `youden-under-shifts`: the predictions given are those of validation images under shifts, too (`joinPredictions`); of all
 *   thresholds whose sensitivity + specificity is within one standard error of the largest, the highest: on images from
 *   elsewhere scores rise more often than they fall, and what is lost then is specificity.
 * - `sensitivity>=0.95`: the highest specificity among thresholds with at least this sensitivity.
 * - `specificity>=0.9`: the highest sensitivity among thresholds with at least this specificity.
 * - `costs=5:1`: the lowest cost if a missed pneumonia costs five times a false alarm, at the prevalence of these
 *   predictions; `costs=5:1@0.1` at a prevalence of 10 %.
 *
 * The threshold is placed midway between the lowest score called positive and the next lower score (0 if there is none),
 * so that small changes of a score do not flip a decision. Of several best thresholds, the lowest (but for
 * `youden-under-shifts`): missing a pneumonia is the worse mistake.
 *
 * @returns In `[0, 1]`.
 * @throws {InvalidArgumentError} If `predictions` is not consistent, `rule` is unknown, only one class is present (every
 *   threshold would be as good as any other), or no threshold that finds anything has the specificity asked for.
 *
 * @see Breiman et al. 1984, Classification and Regression Trees, section 3.4.3 (the rule of one standard error)
 * @see Youden 1950, doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3
 * @see Metz 1978, Basic principles of ROC analysis, doi:10.1016/S0001-2998(78)80014-2 (costs and prevalence)
 *
 * @example
 * const threshold = chooseThreshold(validation, 'sensitivity>=0.95');
 * await evaluatePredictions(test, { threshold, thresholdRule: 'sensitivity>=0.95', thresholdFrom: 'validation' });
 */
export function chooseThreshold(
  predictions: Predictions,
  rule: ThresholdRule,
  options: ChooseThresholdOptions = {},
): number {
  refuseUnknownOptions('chooseThreshold', options, OPTIONS);
  const { copies = 1 } = options;
  checkWholeNumber('copies', copies);
  const parsed = parseThresholdRule('rule', rule);
  const labels = twoClassLabels(predictions);
  if (parsed.kind === 'half') return 0.5;

  const sorted = sortScores(pneumoniaScores(predictions), (image) => labels[image] === 1);
  const { truePositives, falsePositives } = countCumulative(sorted);
  const positives = truePositives.at(-1)!;
  const negatives = falsePositives.at(-1)!;
  if (positives === 0 || negatives === 0) {
    throw new InvalidArgumentError({
      argument: 'predictions.labels',
      expected: `a mix of both classes for the rule '${rule}'`,
      received: { negative: negatives, positive: positives },
      fix: "Choose on a larger or stratified validation split, or use the rule 'half'.",
    });
  }

  const gainOf = gains(parsed, positives, negatives);
  let best = -Infinity;
  let bestGroup = -1;
  for (let group = 0; group < sorted.values.length; group++) {
    const gain = gainOf(truePositives[group]!, falsePositives[group]!);
    if (gain === -Infinity || gain < best) continue; // ">=" goes on to the lower threshold
    best = gain;
    bestGroup = group;
  }
  if (bestGroup < 0) {
    throw new InvalidArgumentError({
      argument: 'rule',
      expected: 'a specificity that a threshold which finds a pneumonia can have on these predictions',
      received: rule,
      fix: `The highest is ${1 - falsePositives[truePositives.findIndex((count) => count > 0)]! / negatives}.`,
    });
  }
  if (parsed.kind === 'youden-under-shifts') {
    const [found, alarms] = [truePositives[bestGroup]!, falsePositives[bestGroup]!];
    const tolerance =
      positives *
      negatives *
      errorOfYouden(found / positives, alarms / negatives, positives / copies, negatives / copies);
    bestGroup = truePositives.findIndex(
      (count, group) => gainOf(count, falsePositives[group]!) >= best - tolerance,
    );
  }
  const lowestPositive = sorted.values[bestGroup]!;
  const nextLower = sorted.values[bestGroup + 1] ?? 0;
  const middle = (lowestPositive + nextLower) / 2;
  return middle > nextLower ? middle : lowestPositive; // between neighbouring doubles there is no middle
}

/** Standard error of sensitivity + specificity - 1, two independent shares. */
function errorOfYouden(
  truePositiveRate: number,
  falsePositiveRate: number,
  positives: number,
  negatives: number,
): number {
  const variance = (share: number, count: number) => (share * (1 - share)) / count;
  return Math.sqrt(variance(truePositiveRate, positives) + variance(falsePositiveRate, negatives));
}

/**
 * What to make as large as possible; whole numbers where the rule is made of them, so that ties are ties. Calling
 * nothing positive is not tried: for Youden's J, calling everything positive is as good and finds more.
 */
function gains(
  rule: ParsedRule,
  positives: number,
  negatives: number,
): (truePositives: number, falsePositives: number) => number {
  switch (rule.kind) {
    case 'sensitivity':
      return (found, alarms) =>
        reaches(found, positives, rule.least) ? negatives - alarms : Number.NEGATIVE_INFINITY;
    case 'specificity':
      return (found, alarms) =>
        found > 0 && reaches(negatives - alarms, negatives, rule.least) ? found : Number.NEGATIVE_INFINITY;
    case 'costs': {
      const { missed, alarm, prevalence = positives / (positives + negatives) } = rule;
      return (found, alarms) =>
        (missed * prevalence * found) / positives - (alarm * (1 - prevalence) * alarms) / negatives;
    }
    default:
      return (found, alarms) => found * negatives - alarms * positives;
  }
}

/** Whether the share is at least `least`, although 0.95 and 19/20 may differ in their last bit. */
const reaches = (count: number, total: number, least: number): boolean =>
  count >= least * total - 1e-9 * total;
