import type { ShiftEvaluation } from 'xray-core';
import { shiftChart } from '../charts/shift-chart.js';
import { formatDecimal, formatPercent, formatQuantity } from '../format.js';
import { type Html, html } from '../html.js';
import type { ReportData } from '../report-data.js';
import { figure, type Section } from './section.js';
import { table } from './table.js';

/** How the model holds on images that were changed as those from elsewhere differ; for the first evaluation that says so. */
export function shiftSection({ evaluations = [] }: ReportData): Section | undefined {
  const shifts = evaluations.map(({ evaluation }) => evaluation.shifts).find((found) => found !== undefined);
  if (shifts === undefined) return undefined;
  const { split, sampleCount, threshold, pooledAuroc } = shifts;
  return {
    id: 'shifts',
    heading: 'Images from elsewhere',
    body: html`<p class="lead">${formatQuantity(sampleCount, 'image')} of ${split}, each changed in ${new Set(shifts.shifts.map(({ name }) => name)).size} ways and several strengths, at the threshold of the images as they are (${formatDecimal(threshold)}). A model that learned how its training folder looks falls here, although it does well on images of the same folder. All changed images taken together have an AUROC of ${formatDecimal(pooledAuroc)}.</p>
${figure('Sensitivity and specificity by shift', shiftChart(shifts), 'The larger the mark, the stronger the shift.')}
${shiftTable(shifts)}`,
  };
}

function shiftTable({ shifts, unchanged, mean, worst }: ShiftEvaluation): Html {
  type Scores = ShiftEvaluation['mean'];
  const cells = ({ auroc, sensitivity, specificity }: Scores) => [
    formatDecimal(auroc),
    formatPercent(sensitivity),
    formatPercent(specificity),
  ];
  const number = (heading: string) => ({ heading, numeric: true });
  return table(
    'Shifts',
    [
      { heading: 'Shift' },
      { heading: 'Setting' },
      number('AUROC'),
      number('Sensitivity'),
      number('Specificity'),
    ],
    [
      { cells: ['none', 'the images as they are', ...cells(unchanged)], kind: 'marked' },
      ...shifts.map((shift) => ({
        cells: [`${shift.name} ${shift.strength}`, shift.setting, ...cells(shift)],
      })),
      { cells: ['mean', 'of all shifts', ...cells(mean)], kind: 'average' },
      { cells: ['worst', 'each number for itself', ...cells(worst)], kind: 'average' },
    ],
  );
}
