import { InvalidArgumentError, type Predictions, type ThresholdRule } from 'xray-core';
import { countCumulative, sortScores } from '../discrimination/sorted-scores.js';
import { pneumoniaScores, twoClassLabels } from '../two-class-view.js';

const RULES: readonly ThresholdRule[] = ['half', 'youden', 'youden-under-shifts'];

/**
 * Threshold of the pneumonia score (positive when score >= threshold), chosen on these predictions. Choose on
 * validation, then evaluate elsewhere: measured on the images it was chosen on, it looks better than it is.
 *
 * - `half`: 0.5, whatever the predictions.
 * - `youden`: the largest sensitivity + specificity - 1. It is placed midway between the lowest score called
 *   positive and the next lower score (0 if there is none), so that small changes of a score do not flip a
 *   decision. Of several best thresholds, the one with the highest sensitivity, which is the lowest threshold:
 *   missing a pneumonia is the worse mistake.
 * - `youden-under-shifts`: the same; the predictions given are those of validation images under shifts, too
 *   (`joinPredictions`).
 *
 * @returns In `[0, 1]`.
 * @throws {InvalidArgumentError} If `predictions` is not consistent, `rule` is unknown, or the rule is `youden` and
 *   only one class is present: every threshold would be as good as any other.
 *
 * @see Youden 1950, doi:10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3
 *
 * @example
 * const threshold = chooseThreshold(validation, 'youden');
 * evaluatePredictions(test, { threshold, thresholdRule: 'youden', thresholdFrom: 'validation' });
 */
export function chooseThreshold(predictions: Predictions, rule: ThresholdRule): number {
  checkThresholdRule('rule', rule);
  const labels = twoClassLabels(predictions);
  if (rule === 'half') return 0.5;

  const sorted = sortScores(pneumoniaScores(predictions), (image) => labels[image] === 1);
  const { truePositives, falsePositives } = countCumulative(sorted);
  const positives = truePositives.at(-1)!;
  const negatives = falsePositives.at(-1)!;
  if (positives === 0 || negatives === 0) {
    throw new InvalidArgumentError({
      argument: 'predictions.labels',
      expected: "a mix of both classes for the rule 'youden'",
      received: { negative: negatives, positive: positives },
      fix: "Choose on a larger or stratified validation side, or use the rule 'half'.",
    });
  }

  // J times positives times negatives: whole numbers, so that ties are ties. Calling nothing positive (J = 0) need
  // not be tried: calling everything positive has the same J and a higher sensitivity.
  let best = -Infinity;
  let bestGroup = 0;
  for (let group = 0; group < sorted.values.length; group++) {
    const gain = truePositives[group]! * negatives - falsePositives[group]! * positives;
    if (gain < best) continue; // ">=" goes on to the lower threshold
    best = gain;
    bestGroup = group;
  }
  const lowestPositive = sorted.values[bestGroup]!;
  const nextLower = sorted.values[bestGroup + 1] ?? 0;
  const middle = (lowestPositive + nextLower) / 2;
  return middle > nextLower ? middle : lowestPositive; // between neighbouring doubles there is no middle
}

/** @internal Rejects rules that do not exist, for callers without types. */
export function checkThresholdRule(argument: string, rule: ThresholdRule): void {
  if (RULES.includes(rule)) return;
  throw new InvalidArgumentError({
    argument,
    expected: RULES.map((known) => `'${known}'`).join(' or '),
    received: rule,
  });
}
