import type { Evaluation, OperatingPoint } from 'xray-core';
import { formatDecimal, formatInterval, formatNumber, type NumberStyle, twoClassView } from '../format.js';
import { type Html, html } from '../html.js';
import { table } from './table.js';

/** Numbers that no threshold changes. */
const OVERALL = [
  { name: 'argmaxAccuracy', label: 'Accuracy, most probable class', style: 'percent' },
  { name: 'auroc', label: 'AUROC', style: 'decimal' },
  { name: 'aurocMacro', label: 'AUROC, mean one-vs-rest', style: 'decimal' },
  { name: 'averagePrecision', label: 'Average precision', style: 'decimal' },
  { name: 'brier', label: 'Brier score', style: 'decimal' },
  { name: 'logLoss', label: 'Log loss', style: 'decimal' },
] as const satisfies readonly Metric<keyof Evaluation>[];

/** Numbers of the two-class view. */
const AT_THRESHOLD = [
  { name: 'sensitivity', label: 'Sensitivity', style: 'percent' },
  { name: 'specificity', label: 'Specificity', style: 'percent' },
  { name: 'ppv', label: 'Positive predictive value', style: 'percent' },
  { name: 'npv', label: 'Negative predictive value', style: 'percent' },
  { name: 'balancedAccuracy', label: 'Balanced accuracy', style: 'percent' },
  { name: 'f1', label: 'F1', style: 'decimal' },
  { name: 'mcc', label: 'Matthews correlation', style: 'decimal' },
] as const satisfies readonly Metric<keyof OperatingPoint>[];

interface Metric<Name> {
  readonly name: Name;
  readonly label: string;
  readonly style: NumberStyle;
}

/** All flat numbers of an evaluation: with their intervals, and at 0.5 beside the chosen threshold. */
export function metricTables(evaluation: Evaluation): Html {
  const { classNames, threshold, atHalf, intervals, intervalMethod } = evaluation;
  const number = (heading: string) => ({ heading, numeric: true });
  const overall = table(
    'Numbers that do not depend on the threshold',
    [{ heading: 'Metric' }, number('Value'), number('95 % interval')],
    OVERALL.map(({ name, label, style }) => ({
      cells: [label, formatNumber(evaluation[name], style), formatInterval(intervals[name], style)],
    })),
  );
  const atThreshold = table(
    `Two-class numbers: ${twoClassView(classNames)}`,
    [
      { heading: 'Metric' },
      number(`At ${formatDecimal(threshold)}`),
      number('95 % interval'),
      number('At 0.5'),
    ],
    AT_THRESHOLD.map(({ name, label, style }) => ({
      cells: [
        label,
        formatNumber(evaluation[name], style),
        formatInterval(intervals[name], style),
        formatNumber(atHalf[name], style),
      ],
    })),
  );
  return html`<div class="columns">
${overall}
${atThreshold}
</div>
${intervalMethod !== null && html`<p class="remark">Intervals: ${intervalMethod}.</p>`}
`;
}
