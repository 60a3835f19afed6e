import type { ClassScores, Evaluation } from 'xray-core';

type NumberName = {
  [Name in keyof Evaluation]-?: Evaluation[Name] extends number | null ? Name : never;
}[keyof Evaluation];

/** Label and name of the numbers over all classes. */
const ALL_CLASS_ROWS: readonly (readonly [label: string, name: NumberName])[] = [
  ['accuracy', 'accuracy'],
  ['accuracy, argmax', 'argmaxAccuracy'],
  ['AUROC one-vs-rest', 'aurocMacro'],
  ['log loss', 'logLoss'],
];

/** Label and name of the numbers of the two-class view. */
const TWO_CLASS_ROWS: readonly (readonly [label: string, name: NumberName])[] = [
  ['AUROC', 'auroc'],
  ['average precision', 'averagePrecision'],
  ['sensitivity', 'sensitivity'],
  ['specificity', 'specificity'],
  ['PPV', 'ppv'],
  ['NPV', 'npv'],
  ['F1', 'f1'],
  ['MCC', 'mcc'],
  ['balanced accuracy', 'balancedAccuracy'],
  ['Brier score', 'brier'],
];

/**
 * Plain text for a terminal: how classes were decided, the table of scikit-learn's `classification_report` with three digits,
 * then the other numbers with their intervals and the confusion matrix. Undefined numbers print as `-`.
 *
 * @returns Lines joined by `\n`, without a final one.
 *
 * @example
 * console.log(formatClassificationReport(await evaluatePredictions(predictions)));
 */
export function formatClassificationReport(evaluation: Evaluation): string {
  return [
    `${titleOf(evaluation)}\n`,
    ...formatClasses(evaluation),
    '',
    ...formatNumbers(evaluation),
    '',
    ...formatConfusionMatrix(evaluation),
    ...formatShifts(evaluation),
    '',
    'Research only, not a medical device.',
  ].join('\n');
}

/** The one decision of the tables. */
function titleOf({ classNames: [negative, ...others], threshold }: Evaluation): string {
  const kinds = others.length > 1 ? ', the most probable of them' : '';
  return `Decision: ${others.join(' or ')} from a score of ${format(threshold)} on${kinds}; ${negative} below`;
}

/** The layout of scikit-learn: names right-aligned, columns of ten characters. */
function formatClasses(evaluation: Evaluation): string[] {
  const { accuracy, classNames, perClass, macro, weighted, sampleCount } = evaluation;
  const width = Math.max('weighted avg'.length, ...classNames.map((name) => name.length));
  const line = (name: string, cells: readonly string[]): string =>
    `${name.padStart(width)} ${cells.map((cell) => ` ${cell.padStart(9)}`).join('')}`;
  const scoreLine = (name: string, { precision, recall, f1, support }: ClassScores): string =>
    line(name, [format(precision), format(recall), format(f1), String(support)]);
  return [
    line('', ['precision', 'recall', 'f1-score', 'support']),
    '',
    ...classNames.map((name, label) => scoreLine(name, perClass[label]!)),
    '',
    line('accuracy', ['', '', format(accuracy), String(sampleCount)]),
    scoreLine('macro avg', macro),
    scoreLine('weighted avg', weighted),
  ];
}

function formatNumbers(evaluation: Evaluation): string[] {
  const { classNames, threshold, thresholdRule, thresholdFrom, intervals, intervalMethod } = evaluation;
  const { testTimeAugmentation: averaged } = evaluation;
  const row = ([label, name]: readonly [string, NumberName]): string => {
    const interval = intervals[name];
    const suffix = interval ? `  [${format(interval[0])}, ${format(interval[1])}]` : '';
    return `${label.padStart(17)} ${format(evaluation[name]).padStart(7)}${suffix}`;
  };
  const rule = thresholdFrom === null ? thresholdRule : `${thresholdRule}, from ${thresholdFrom}`;
  return [
    `All ${classNames.length} classes`,
    ...ALL_CLASS_ROWS.map(row),
    '',
    `${classNames.slice(1).join(' or ')} against ${classNames[0]}, threshold ${format(threshold)} (${rule})`,
    ...TWO_CLASS_ROWS.map(row),
    ...(intervalMethod === null ? [] : ['', `Intervals: ${intervalMethod}.`]),
    ...(averaged ? ['', `Averaged over ${averaged.copies} copies of each image (${averaged.name}).`] : []),
  ];
}

function formatConfusionMatrix({ classNames, confusionMatrix }: Evaluation): string[] {
  const cells = [...classNames, ...confusionMatrix.flat().map(String)];
  const width = Math.max(...cells.map((cell) => cell.length));
  const line = (first: string, others: readonly string[]): string =>
    [first, ...others].map((cell) => cell.padStart(width)).join('  ');
  return [
    'Confusion matrix (rows: truth, columns: prediction)',
    line('', classNames),
    ...confusionMatrix.map((row, label) => line(classNames[label]!, row.map(String))),
  ];
}

function formatShifts({ shifts: evaluated }: Evaluation): string[] {
  if (evaluated === undefined) return [];
  const { split, sampleCount, unchanged, shifts, mean, worst, pooledAuroc } = evaluated;
  const width = Math.max(...shifts.map(({ name }) => name.length)) + 2;
  const line = (name: string, { auroc, sensitivity, specificity }: typeof mean) =>
    `${name.padStart(width)}${[auroc, sensitivity, specificity].map((value) => format(value).padStart(13)).join('')}`;
  return [
    '',
    `Images from elsewhere: ${sampleCount} images of ${split} under acquisition shifts, at the same threshold`,
    `${''.padStart(width)}${['AUROC', 'sensitivity', 'specificity'].map((title) => title.padStart(13)).join('')}`,
    line('none', unchanged),
    ...shifts.map((shift) => line(`${shift.name} ${shift.strength}`, shift)),
    line('mean', mean),
    line('worst', worst),
    `AUROC of all changed images together: ${format(pooledAuroc)}`,
  ];
}

function format(value: number | null): string {
  return value === null ? '-' : value.toFixed(3);
}
