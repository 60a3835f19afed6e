import { classCountChart } from '../charts/class-count-chart.js';
import { classShareChart } from '../charts/class-share-chart.js';
import { formatCount, formatPercent, NOTHING } from '../format.js';
import { type Html, html } from '../html.js';
import type { ReportData, ReportDataset } from '../report-data.js';
import { classColor } from '../theme.js';
import { sampleGrid } from './samples.js';
import { figure, lead, type Section } from './section.js';
import { type Row, table } from './table.js';

/** Counts and shares of the classes per split, and a few images. */
export function dataSection({ data }: ReportData): Section | undefined {
  if (data === undefined) return undefined;
  const { classNames, splits, samples, description } = data;
  const legend = html`<ul class="legend">${classNames.map(
    (name, label) => html`<li><span class="swatch ${classColor(label)}"></span>${name}</li>`,
  )}</ul>
`;
  const rings = html`<div class="rings">${splits.map((split) => classShareChart(split, classNames))}${legend}</div>`;

  return {
    id: 'data',
    heading: 'Data',
    body: html`${lead(description)}
<div class="columns">
${figure('Images per class', html`${legend}${classCountChart(data)}`)}
${figure('Shares of the classes', rings)}
</div>
${countTable(data)}
${samples !== undefined && samples.length > 0 && sampleGrid(samples)}`,
  };
}

function countTable({ classNames, splits }: ReportDataset): Html {
  const hasPatients = splits.some(({ patientCount }) => typeof patientCount === 'number');
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const row = (name: string, counts: readonly number[], patients: string) => {
    const total = sum(counts);
    const classes = counts.flatMap((count) => [
      formatCount(count),
      formatPercent(total === 0 ? null : count / total),
    ]);
    return [name, ...classes, formatCount(total), ...(hasPatients ? [patients] : [])];
  };
  const rows: Row[] = splits.map(({ name, imageCounts, patientCount }) => ({
    cells: row(name, imageCounts, typeof patientCount === 'number' ? formatCount(patientCount) : NOTHING),
  }));
  const totals = classNames.map((_, label) => sum(splits.map(({ imageCounts }) => imageCounts[label]!)));
  // A patient may be on two sides of a split, so patients are not added up.
  rows.push({ cells: row('all', totals, ''), kind: 'total' });

  const numbers = [
    ...classNames.flatMap((name) => [name, 'share']),
    'Images',
    ...(hasPatients ? ['Patients'] : []),
  ];
  return table(
    `Images ${hasPatients ? 'and patients ' : ''}per split`,
    [{ heading: 'Split' }, ...numbers.map((heading) => ({ heading, numeric: true }))],
    rows,
  );
}
