import type { ClassScores, Evaluation } from 'xray-core';
import { decisionSentence, formatCount, formatDecimal } from '../format.js';
import type { Html } from '../html.js';
import { type Row, table } from './table.js';

/** Precision, recall and F1 per class and their averages. */
export function classificationTable(evaluation: Evaluation): Html {
  const { classNames, perClass, macro, weighted, accuracy, sampleCount } = evaluation;
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
    `Classification report. ${decisionSentence(evaluation)}`,
    [
      { heading: 'Class' },
      { heading: 'Precision', numeric: true },
      { heading: 'Recall', numeric: true },
      { heading: 'F1', numeric: true },
      { heading: 'Support', numeric: true },
    ],
    [
      ...perClass.map((scores, label) => row(classNames[label]!, scores)),
      { cells: ['accuracy', '', '', formatDecimal(accuracy), formatCount(sampleCount)], kind: 'average' },
      row('macro average', macro),
      row('weighted average', weighted),
    ],
  );
}
