import { formatPercent } from '../format.js';
import { html } from '../html.js';
import type { ReportData, ReportMistake } from '../report-data.js';
import type { Section } from './section.js';

/** Images the model got wrong. */
export function mistakesSection({ mistakes }: ReportData): Section | undefined {
  if (mistakes === undefined || mistakes.length === 0) return undefined;
  return {
    id: 'mistakes',
    heading: 'Examples of mistakes',
    body: html`<ul class="mistakes">
${mistakes.map(mistakeCard)}</ul>
`,
  };
}

function mistakeCard({ image, trueLabel, predictedLabel, probability, name }: ReportMistake) {
  const description = `True class ${trueLabel}, predicted ${predictedLabel}`;
  return html`<li class="card">
<img src="${image}" alt="${description}" loading="lazy">
<dl>
<div><dt>true</dt><dd>${trueLabel}</dd></div>
<div><dt>predicted</dt><dd>${predictedLabel}</dd></div>
<div><dt>probability</dt><dd>${formatPercent(probability)}</dd></div>
</dl>
${name !== undefined && html`<p class="file">${name}</p>`}
</li>
`;
}
