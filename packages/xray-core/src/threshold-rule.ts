import type { ThresholdRule } from './evaluation.js';

const NUMBER = String.raw`\d+(\.\d+)?(e-?\d+)?`;
const RULE = new RegExp(
  `^(half|youden|youden-under-shifts|(sensitivity|specificity)>=${NUMBER}|costs=${NUMBER}:${NUMBER}(@${NUMBER})?)$`,
);

/** The rules that `isThresholdRule` takes, with examples of those that hold numbers, for error messages. */
export const THRESHOLD_RULES =
  'half, youden, youden-under-shifts, sensitivity>=0.95, specificity>=0.9, costs=5:1 (a missed pneumonia to a false alarm) or costs=5:1@0.1 (at a prevalence)';

/** Whether a value from a file or a flag is written as a rule. Whether its numbers make sense, `chooseThreshold` says. */
export function isThresholdRule(value: unknown): value is ThresholdRule {
  return typeof value === 'string' && RULE.test(value);
}
