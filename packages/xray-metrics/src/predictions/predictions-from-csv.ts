import papaparse, { type ParseResult } from 'papaparse';
import { FileError, type Predictions } from 'xray-core';
import { checkPredictions } from './check-predictions.js';

/** Options of `predictionsFromCsv`. */
export interface PredictionsFromCsvOptions {
  /** Of the file, for errors. @default 'predictions.csv' */
  readonly name?: string | undefined;
  /**
   * Negative class first, in the order of the probability columns.
   *
   * @default what follows `p_` in the names of the columns; `negative` and `positive` for a single column
   */
  readonly classNames?: readonly string[] | undefined;
  /** Names of the columns, where a table made elsewhere has others. */
  readonly columns?:
    | {
        /** @default 'id' */
        readonly id?: string | undefined;
        /** Holds class names, or indices from 0. @default 'label' */
        readonly label?: string | undefined;
        /** @default 'patient', if there is one */
        readonly patient?: string | undefined;
        /**
         * One column for each class, or a single one with the probability of the positive class of two.
         *
         * @default all whose names begin with `p_`
         */
        readonly probabilities?: string | readonly string[] | undefined;
      }
    | undefined;
}

/** Characters that are parsed at a time, so that the cells of a large table are never all there at once. */
const CHUNK = 1 << 20;

/**
 * Reads predictions from CSV text with a header: what `predictionsToCsv` wrote, or a table of a model made elsewhere.
 * Commas, semicolons and tabs separate; a byte order mark, any line ends and blank lines are fine. A million rows take
 * seconds, and memory only for the result.
 *
 * @throws {FileError} If columns are missing, a row has another number of cells, or a cell is no label or no number. Names
 *   the row.
 * @throws {InvalidArgumentError} If probabilities are out of range or rows do not sum to 1.
 *
 * @example
 * const predictions = predictionsFromCsv(text, {
 *   columns: { id: 'image', label: 'truth', probabilities: 'score' },
 * });
 */
export function predictionsFromCsv(text: string, options: PredictionsFromCsvOptions = {}): Predictions {
  const { name = 'predictions.csv' } = options;
  const readers: RowReader[] = [];
  let row = 0;
  const inChunks = {
    delimitersToGuess: [',', ';', '\t'],
    chunkSize: CHUNK,
    chunk({ data, errors }: ParseResult<string[]>) {
      const broken = errors.find(({ type }) => type === 'Quotes');
      if (broken) refuse(name, `has a quote that does not end, from row ${row + (broken.row ?? 0) + 1} on`);
      for (const cells of data) {
        row++;
        if (cells.length === 1 && cells[0]!.trim() === '') continue;
        if (readers[0] === undefined) readers.push(createReader(cells, options, name));
        else readers[0].read(cells, row);
      }
    },
  };
  papaparse.parse<string[]>(text.startsWith('\uFEFF') ? text.slice(1) : text, inChunks);
  if (readers[0] === undefined) {
    refuse(name, 'is empty', 'Expected a table whose first line names its columns.');
  }
  return readers[0].finish();
}

interface RowReader {
  read(cells: readonly string[], row: number): void;
  finish(): Predictions;
}

function createReader(
  header: readonly string[],
  { classNames: given, columns = {} }: PredictionsFromCsvOptions,
  name: string,
): RowReader {
  const names = header.map((column) => column.trim());
  const asked = columns.probabilities ?? names.filter((column) => column.startsWith('p_'));
  const needed = [asked].flat();
  const find = (column: string): number => {
    const index = names.indexOf(column);
    if (index >= 0) return index;
    return refuse(name, `lacks the column ${column}; it has: ${names.join(', ')}`, 'Name them: `columns`.');
  };
  if (needed.length === 0) {
    refuse(
      name,
      'has no column that begins with p_',
      'Name those of the probabilities: `columns.probabilities`.',
    );
  }
  const idAt = find(columns.id ?? 'id');
  const labelAt = find(columns.label ?? 'label');
  const patientAt = columns.patient === undefined ? names.indexOf('patient') : find(columns.patient);
  const probabilitiesAt = needed.map(find);
  const classNames = given ?? classNamesOf(needed);
  const isSingle = needed.length === 1;
  if (classNames.length !== (isSingle ? 2 : needed.length)) {
    refuse(
      name,
      `has ${needed.length} columns of probabilities for ${classNames.length} classes`,
      'There must be one for each class, or a single one for two classes.',
    );
  }
  const labelOf = new Map(classNames.map((className, label) => [className, label]));
  const ids: string[] = [];
  const patientIds: string[] = [];
  const labels: number[] = [];
  const values: number[] = [];

  return {
    read(cells, row) {
      if (cells.length !== names.length) {
        refuse(name, `has ${cells.length} cells in row ${row}, expected ${names.length}`);
      }
      const label = cells[labelAt]!.trim();
      const index = labelOf.get(label) ?? (/^\d+$/.test(label) ? Number(label) : -1);
      if (index < 0 || index >= classNames.length) {
        refuse(
          name,
          `has the label "${label}" in row ${row}`,
          `Expected one of ${classNames.join(', ')}, or an index from 0 to ${classNames.length - 1}.`,
        );
      }
      ids.push(cells[idAt]!);
      labels.push(index);
      if (patientAt >= 0) patientIds.push(cells[patientAt]!);
      for (const at of probabilitiesAt) {
        const cell = cells[at]!.trim();
        const value = cell === '' ? Number.NaN : Number(cell);
        if (Number.isNaN(value)) {
          refuse(name, `has "${cell}" in row ${row}, column ${names[at]}`, 'Expected a probability.');
        }
        if (isSingle) values.push(1 - value);
        values.push(value);
      }
    },
    finish() {
      if (ids.length === 0) refuse(name, 'names columns but has no rows', 'Expected one row per image.');
      const predictions: Predictions = {
        ids,
        classNames,
        labels: Int32Array.from(labels),
        probabilities: Float32Array.from(values),
        ...(patientAt >= 0 && { patientIds }),
      };
      checkPredictions(predictions);
      return predictions;
    },
  };
}

function classNamesOf(columns: readonly string[]): readonly string[] {
  if (columns.length === 1) return ['negative', 'positive'];
  return columns.map((column) => column.replace(/^p_/, ''));
}

function refuse(file: string, problem: string, fix?: string): never {
  throw new FileError(fix === undefined ? { file, problem } : { file, problem, fix });
}
