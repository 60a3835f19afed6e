import { expect, it } from 'vitest';
import type { ShiftEvaluation } from 'xray-core';
import { sampleEvaluation } from '../__fixtures__/sample-report.js';
import { createReport } from '../create-report.js';

const scores = { auroc: 0.98765, sensitivity: 0.9321, specificity: 0.8765 };
const shifts: ShiftEvaluation = {
  split: 'validation',
  sampleCount: 773,
  threshold: 0.41,
  unchanged: scores,
  shifts: [
    { name: 'blur', strength: 1, setting: 'a little', ...scores, specificity: 0.1234 },
    { name: 'blur', strength: 2, setting: 'more', ...scores, specificity: null },
    { name: 'noise', strength: 1, setting: 'more & more', auroc: null, sensitivity: 0.5, specificity: 0.6 },
  ],
  mean: { ...scores, sensitivity: 0.7777 },
  worst: { ...scores, sensitivity: 0.2222 },
  pooledAuroc: 0.9432,
};
const report = (evaluation: object) =>
  createReport({
    title: 'Shifts',
    summary: 'A test.',
    evaluations: [
      {
        name: 'test',
        evaluation: {
          ...sampleEvaluation(
            ['normal', 'pneumonia'],
            [
              [3, 1],
              [0, 4],
            ],
          ),
          ...evaluation,
        },
      },
    ],
  });

it('shows every shift, their mean and worst, and what is undefined, in a table and a chart', () => {
  const page = report({ shifts });
  expect(page).toContain('<h2 id="shifts-heading">Images from elsewhere</h2>');
  for (const text of [
    'blur 1',
    'a little',
    '12.3\u202f%',
    'more &#38; more',
    '77.8\u202f%',
    '22.2\u202f%',
    '0.943',
  ]) {
    expect(page).toContain(text);
  }
  expect(page).toContain(
    'aria-label="Sensitivity and specificity under 2 shifts; lowest 50.0\u202f% and 12.3\u202f%."',
  );
  expect(page).toMatch(/blur 2<\/th><td>more<\/td><td class="number">0\.988<\/td>.*–<\/td>/);
});

it('leaves the section out where nothing was measured, and refuses what is no share', () => {
  expect(report({})).not.toContain('Images from elsewhere');
  expect(() => report({ shifts: { ...shifts, pooledAuroc: 2 } })).toThrow(
    '`report.evaluations[0].evaluation.shifts.pooledAuroc`',
  );
});
