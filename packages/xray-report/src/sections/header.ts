import type { Evaluation } from 'xray-core';
import { capitalise, formatDecimal, formatInterval, formatNumber, type NumberStyle } from '../format.js';
import { type Html, html } from '../html.js';
import type { ReportData, ReportEvaluation } from '../report-data.js';
import type { Section } from './section.js';

/** Stands on every report and model card. */
export const NOTICE = 'Research only, not a medical device.';

/** Title, summary, notice, the headline numbers of the first evaluation and the way to the sections. */
export function header(report: ReportData, sections: readonly Section[]): Html {
  const headline = report.evaluations?.[0];
  return html`<header>
<h1>${report.title}</h1>
<p class="summary">${report.summary}</p>
<p class="notice" role="note">${NOTICE}</p>
${headline !== undefined && tiles(headline)}
${
  sections.length > 1 &&
  html`<nav aria-label="Sections"><ul>${sections.map(
    ({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`,
  )}</ul></nav>
`
}</header>
`;
}

function tiles({ name, evaluation }: ReportEvaluation): Html {
  const threshold = `at threshold ${formatDecimal(evaluation.threshold)}`;
  return html`<dl class="tiles">
${tile(`${capitalise(name)} AUROC`, evaluation, 'auroc', 'decimal')}
${tile(`Accuracy ${threshold}`, evaluation, 'accuracy', 'percent')}
${tile(`Sensitivity ${threshold}`, evaluation, 'sensitivity', 'percent')}
${tile(`Specificity ${threshold}`, evaluation, 'specificity', 'percent')}
</dl>
`;
}

function tile(
  label: string,
  evaluation: Evaluation,
  metric: 'auroc' | 'accuracy' | 'sensitivity' | 'specificity',
  style: NumberStyle,
): Html {
  const value = evaluation[metric];
  const interval = evaluation.intervals[metric];
  return html`<div class="tile"><dt>${label}</dt><dd><span class="value">${formatNumber(value, style)}</span>
${
  interval !== undefined &&
  html`<svg class="range" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="6"/><rect class="span" x="${interval[0] * 100}" width="${(interval[1] - interval[0]) * 100}" height="6"/></svg>
<span class="interval">95\u202f% interval <span>${formatInterval(interval, style)}</span></span>`
}</dd></div>`;
}
