import papaparse from 'papaparse';
import { FileError } from 'xray-core';

/** One row of a table: its cells by column, trimmed, and its line in the file, counted from 1. */
export interface ManifestRow {
  readonly line: number;
  /** Text of a cell; `''` for columns the table lacks. */
  cell(column: string): string;
}

/**
 * @internal Reads CSV text with a header; commas, semicolons and tabs, a byte order mark, any line ends.
 *
 * @param needed - Columns that must be there; of a list, one of them.
 * @throws {FileError} If it is empty, lacks columns, names one twice, or has broken quotes or rows.
 */
export function readTable(
  text: string,
  name: string,
  needed: readonly (string | readonly string[])[],
): ManifestRow[] {
  const refuse = (problem: string, fix: string): never => {
    throw new FileError({ file: name, problem, fix });
  };
  const { data, errors } = papaparse.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    delimitersToGuess: [',', ';', '\t'],
    skipEmptyLines: false, // the index of a row gives its line
  });
  const broken = errors.find(({ type }) => type === 'Quotes');
  if (broken)
    refuse(`has a quote that does not end, from row ${(broken.row ?? 0) + 1} on`, 'Export it again.');
  const isBlank = (cells: readonly string[]) => cells.every((cell) => cell.trim() === '');
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
  const twice = header.find((column, at) => column !== '' && header.indexOf(column) < at);
  if (twice !== undefined) refuse(`has two columns named ${twice}`, 'Rename one of them.');

  const last = Math.max(
    ...needed.flatMap((column) => [column].flat().map((choice) => header.indexOf(choice))),
  );
  const rows: ManifestRow[] = [];
  data.forEach((cells, at) => {
    if (at === 0 || isBlank(cells)) return;
    if (cells.length <= last || cells.length > header.length) {
      refuse(
        `has ${cells.length} cells in row ${at + 1}, expected ${header.length}`,
        'Put cells that contain the separator in double quotes.',
      );
    }
    const byColumn = new Map(header.map((column, index) => [column, cells[index]?.trim() ?? '']));
    rows.push({ line: at + 1, cell: (column) => byColumn.get(column) ?? '' });
  });
  if (rows.length === 0) refuse('names columns but has no rows', 'Expected one row per image.');
  return rows;
}
