import { formatQuantity } from '../format.js';
import { html } from '../html.js';
import type { ReportData, ReportNote } from '../report-data.js';
import type { Section } from './section.js';

/** Longer lists are folded away. */
const LONGEST_OPEN_LIST = 5;

/** What the reader must know to judge the numbers. */
export function notesSection({ notes }: ReportData): Section | undefined {
  if (notes === undefined || notes.length === 0) return undefined;
  return { id: 'notes', heading: 'Notes', body: html`${notes.map(note)}` };
}

function note({ kind, text, details }: ReportNote) {
  return html`<div class="note ${kind}">
<p><strong>${kind === 'warning' ? 'Warning' : 'Note'}</strong> ${text}</p>
${details !== undefined && details.length > 0 && detailList(details)}</div>
`;
}

function detailList(details: readonly string[]) {
  const list = html`<ul>${details.map((detail) => html`<li>${detail}</li>`)}</ul>
`;
  if (details.length <= LONGEST_OPEN_LIST) return list;
  return html`<details><summary>${formatQuantity(details.length, 'item')}</summary>${list}</details>
`;
}
