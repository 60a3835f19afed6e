import { InvalidArgumentError, THRESHOLD_RULES, type ThresholdRule } from 'xray-core';

/** @internal A rule in parts. */
export type ParsedRule =
  | { readonly kind: 'half' | 'youden' | 'youden-under-shifts' }
  | { readonly kind: 'sensitivity' | 'specificity'; readonly least: number }
  | {
      readonly kind: 'costs';
      readonly missed: number;
      readonly alarm: number;
      readonly prevalence: number | undefined;
    };

const NUMBER = String.raw`(\d+(?:\.\d+)?(?:e-?\d+)?)`;
const LEAST = new RegExp(`^(sensitivity|specificity)>=${NUMBER}$`);
const COSTS = new RegExp(`^costs=${NUMBER}:${NUMBER}(?:@${NUMBER})?$`);

/** @internal Rejects rules that do not exist, for callers without types and words from files and flags. */
export function parseThresholdRule(argument: string, rule: ThresholdRule): ParsedRule {
  if (rule === 'half' || rule === 'youden' || rule === 'youden-under-shifts') return { kind: rule };
  const [, kind, least] = LEAST.exec(String(rule)) ?? [];
  if (kind !== undefined && Number(least) > 0 && Number(least) <= 1) {
    return { kind: kind as 'sensitivity' | 'specificity', least: Number(least) };
  }
  const [, missed, alarm, prevalence] = COSTS.exec(String(rule)) ?? [];
  const isShare = prevalence === undefined || (Number(prevalence) > 0 && Number(prevalence) < 1);
  if (Number(missed) > 0 && Number(alarm) > 0 && isShare) {
    return {
      kind: 'costs',
      missed: Number(missed),
      alarm: Number(alarm),
      prevalence: prevalence === undefined ? undefined : Number(prevalence),
    };
  }
  throw new InvalidArgumentError({
    argument,
    expected: THRESHOLD_RULES,
    received: rule,
  });
}
