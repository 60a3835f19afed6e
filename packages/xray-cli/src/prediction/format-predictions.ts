import { toCsv } from '../run-folder/csv.js';
import type { PredictedImage } from './predict-folder.js';

/** How predictions can be written. */
export const PREDICTION_FORMATS = ['csv', 'jsonl', 'table'] as const;

/** One of them. */
export type PredictionFormat = (typeof PREDICTION_FORMATS)[number];

/**
 * Predictions as text that ends with a new line.
 *
 * @param classNames - In the order of the model's outputs.
 */
export function formatPredictions(
  predictions: readonly PredictedImage[],
  classNames: readonly string[],
  format: PredictionFormat,
): string {
  if (format === 'jsonl') return predictions.map((prediction) => `${JSON.stringify(prediction)}\n`).join('');
  const digits = format === 'csv' ? 6 : 3;
  const fields = ['file', 'class', ...classNames.map((name) => `p_${name}`), 'is_pneumonia', 'warnings'];
  const rows = predictions.map(({ file, className, probabilities, isPneumonia, warnings }) => [
    file,
    className,
    ...classNames.map((name) => probabilities[name]!.toFixed(digits)),
    String(isPneumonia),
    warnings.map(({ text }) => text).join('; '),
  ]);
  return format === 'csv' ? toCsv(fields, rows) : toTable(fields, rows);
}

/** Columns as wide as their widest cell. */
function toTable(fields: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = fields.map((field, column) =>
    Math.max(field.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]) =>
    `${cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd()}\n`;
  return [fields, ...rows].map(line).join('');
}
