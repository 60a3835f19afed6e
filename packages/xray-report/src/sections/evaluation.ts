import type { Evaluation } from 'xray-core';
import { confusionChart } from '../charts/confusion-chart.js';
import { rocChart } from '../charts/roc-chart.js';
import { capitalise, decisionSentence, formatDecimal, formatQuantity, twoClassView } from '../format.js';
import { type Html, html } from '../html.js';
import type { ReportData, ReportEvaluation } from '../report-data.js';
import { classificationTable } from './classification-table.js';
import { metricTables } from './metric-tables.js';
import { figure, type Section } from './section.js';

/** What was measured, one part per split. */
export function evaluationSection({ evaluations }: ReportData): Section | undefined {
  if (evaluations === undefined || evaluations.length === 0) return undefined;
  return { id: 'evaluation', heading: 'Evaluation', body: html`${evaluations.map(part)}` };
}

function part({ name, evaluation, roc }: ReportEvaluation): Html {
  const { sampleCount, patientCount, classNames } = evaluation;
  const patients = patientCount === null ? '' : ` of ${formatQuantity(patientCount, 'patient')}`;
  return html`<h3>${capitalise(name)}</h3>
<p class="lead">${formatQuantity(sampleCount, 'image')}${patients}. ${thresholdSentence(evaluation)}${averageSentence(evaluation)}</p>
<div class="columns">
${figure(
  'Confusion matrix',
  confusionChart(evaluation),
  `${decisionSentence(evaluation)} Percentages are shares of the true class.`,
)}
${
  roc !== undefined &&
  figure('ROC curve', rocChart(evaluation, roc), `${capitalise(twoClassView(classNames))}.`)
}
</div>
${classificationTable(evaluation)}
${metricTables(evaluation)}`;
}

function averageSentence({ testTimeAugmentation: averaged }: Evaluation): string {
  return averaged
    ? ` Probabilities are means over ${averaged.copies} copies of each image (${averaged.name}).`
    : '';
}

/** `sensitivity>=0.95` and its like in words. */
function ruleText(rule: Evaluation['thresholdRule']): string {
  if (rule === 'half') return 'fixed';
  const youden = 'the largest sensitivity + specificity (Youden’s J)';
  if (rule === 'youden') return youden;
  if (rule === 'youden-under-shifts') return `${youden}, images under acquisition shifts included`;
  const [name = '', amount = ''] = rule.split('=');
  if (name === 'sensitivity>') return `the highest specificity at a sensitivity of at least ${amount}`;
  if (name === 'specificity>') return `the highest sensitivity at a specificity of at least ${amount}`;
  const [costs, prevalence] = amount.split('@');
  const where = prevalence === undefined ? '' : ` at a prevalence of ${prevalence}`;
  return `the lowest costs if a missed pneumonia costs ${costs?.replace(':', ' to ')} of a false alarm${where}`;
}

function thresholdSentence({ threshold, thresholdRule, thresholdFrom }: Evaluation): string {
  const rule = ruleText(thresholdRule);
  const origin =
    thresholdFrom === 'validation'
      ? ' on validation'
      : thresholdFrom === 'bundle'
        ? ', stored with the model'
        : '';
  return `Threshold of the two-class numbers: ${formatDecimal(threshold)} (${rule}${origin}).`;
}
