import type { ClassScores, Evaluation } from 'xray-core';
import { formatCount, formatDecimal } from '../format.js';
import type { Html } from '../html.js';
import { type Row, table } from './table.js';

/** Precision, recall and F1 per class and their averages. */
export function classificationTable({ classNames, perClass, macro, weighted }: Evaluation): Html {
  const row = (name: string, scores: ClassScores): Row => ({
    cells: [
      name,
      formatDecimal(scores.precision),
      formatDecimal(scores.recall),
      formatDecimal(scores.f1),
      formatCount(scores.support),
    ],
  });
  return table(
    'Classification report (decision: the most probable class)',
    [
      { heading: 'Class' },
      { heading: 'Precision', numeric: true },
      { heading: 'Recall', numeric: true },
      { heading: 'F1', numeric: true },
      { heading: 'Support', numeric: true },
    ],
    [
      ...perClass.map((scores, label) => row(classNames[label]!, scores)),
      { ...row('macro average', macro), kind: 'average' },
      row('weighted average', weighted),
    ],
  );
}
