import papaparse from 'papaparse';
import { FileError } from 'xray-core';

/** A row of a table. */
export interface ManifestRow {
  /** Name of the table. */
  readonly table: string;
  /** In the table, counted from 1. */
  readonly line: number;
  /** Text of a cell, trimmed; `''` for columns the table lacks. */
  cell(column: string): string;
}

/** Columns that must be there; of a list, one of them. */
export type NeededColumns = readonly (string | readonly string[])[];

const DELIMITERS = [',', ';', '\t'];

/**
 * @internal Reads CSV text with a header: commas, semicolons or tabs, a byte order mark, the `sep=` line of Excel, any line
 * ends, also mixed ones.
 *
 * @throws {FileError} If it is empty, lacks columns, names one twice, or has broken quotes or rows.
 */
export function readTable(text: string, name: string, needed: NeededColumns): ManifestRow[] {
  const refuse = (problem: string, fix: string): never => {
    throw new FileError({ file: name, problem, fix });
  };
  const plain = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  const hint = /^sep=(.)\n/i.exec(plain);
  const body = hint ? plain.slice(hint[0].length) : plain;
  const above = hint ? 2 : 1; // lines up to the header
  const delimiter = hint?.[1] ?? delimiterOf(body, needed);
  const { data, errors } = papaparse.parse<string[]>(body, {
    delimiter,
    newline: '\n',
    skipEmptyLines: false, // the index of a row gives its line
  });
  const broken = errors.find(({ type }) => type === 'Quotes');
  if (broken)
    refuse(`has a quote that does not end, from row ${(broken.row ?? 0) + above} on`, 'Export it again.');
  const header = (data[0] ?? []).map((column) => column.trim());
  if (isBlank(header))
    refuse('is empty or starts with a blank line', 'Expected a table whose first line names its columns.');

  const missing = needed.filter((column) => ![column].flat().some((choice) => header.includes(choice)));
  if (missing.length > 0) {
    refuse(
      `lacks the column${missing.length > 1 ? 's' : ''} ${missing.map((column) => [column].flat().join(' or ')).join(', ')}; it has: ${header.join(', ')}`,
      header.length === 1
        ? 'Columns must be separated by commas, semicolons or tabs.'
        : 'Choose the mapping that fits the file, or name its columns.',
    );
  }
  const places = new Map<string, number>();
  header.forEach((column, at) => {
    if (column !== '' && places.has(column)) refuse(`has two columns named ${column}`, 'Rename one of them.');
    places.set(column, at);
  });

  const last = Math.max(
    ...needed.flatMap((column) => [column].flat().map((choice) => places.get(choice) ?? -1)),
  );
  const rows: ManifestRow[] = [];
  data.forEach((cells, at) => {
    if (at === 0 || isBlank(cells)) return;
    const line = at + above;
    const surplus = cells.slice(header.length);
    if (cells.length <= last || !isBlank(surplus)) {
      refuse(
        `has ${cells.length} cells in row ${line}, expected ${header.length}`,
        'Put cells that contain the separator in double quotes.',
      );
    }
    rows.push({ table: name, line, cell: (column) => cells[places.get(column) ?? -1]?.trim() ?? '' });
  });
  if (rows.length === 0) refuse('names columns but has no rows', 'Expected one row per image.');
  return rows;
}

/** What separates the columns: with it, the header has the most of those that are needed, or the most columns. */
function delimiterOf(text: string, needed: NeededColumns): string {
  const end = text.indexOf('\n');
  const firstLine = end < 0 ? text : text.slice(0, end);
  const scores = DELIMITERS.map((delimiter) => {
    const header = (papaparse.parse<string[]>(firstLine, { delimiter }).data[0] ?? []).map((column) =>
      column.trim(),
    );
    const there = needed.filter((column) => [column].flat().some((choice) => header.includes(choice)));
    return there.length * 1e6 + header.length;
  });
  return DELIMITERS[scores.indexOf(Math.max(...scores))]!;
}

function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}
