import { FileError } from 'xray-core';
import type { ManifestRow } from './read-table.js';

/** What programs write where there is nothing: pandas, R, SQL and spreadsheets. */
const NOTHING = /^(?:|nan|null|n\/a|na|#n\/a|<na>)$/i;

const PRESENCE: ReadonlyMap<string, Presence> = new Map([
  ...['1', '1.0', 'true', 'yes', 'y', 'positive'].map((text) => [text, 'there'] as const),
  ...['0', '0.0', 'false', 'no', 'n', 'negative'].map((text) => [text, 'absent'] as const),
  ...['-1', '-1.0', 'uncertain'].map((text) => [text, 'uncertain'] as const),
]);

/** What a cell of a finding's own column says. */
export type Presence = 'there' | 'absent' | 'uncertain';

/** @internal Whether a cell says nothing: it is blank, or holds what stands for nothing, such as `NaN`. */
export function isNothing(text: string): boolean {
  return NOTHING.test(text);
}

/** @internal Whether a cell names no patient; here `None` is no name either. */
export function isNobody(text: string): boolean {
  return isNothing(text) || /^none$/i.test(text);
}

/** @internal Finding as samples have it: in lower case, and `normal` for `No Finding`. */
export function findingNamed(text: string): string {
  const name = text.toLowerCase();
  return /^no findings?$/.test(name) ? 'normal' : name;
}

/**
 * @internal Texts of a cell that lists several: with a separator between them, or as Python and JSON write lists, such as
 * `['normal', 'pneumonia']`.
 */
export function listOf(text: string, separator: string | undefined): string[] {
  const literal = /^\[(.*)\]$/s.exec(text)?.[1];
  const parts =
    literal === undefined
      ? separator === undefined
        ? [text]
        : text.split(separator)
      : [...literal.matchAll(/'([^']*)'|"([^"]*)"|([^\s,'"]+)/g)].map(
          ([, single, double, bare]) => single ?? double ?? bare!,
        );
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/**
 * Whether a finding is there, from its own column: 1, 0 and -1 (uncertain), also as 1.0, or words for them; blank
 * means that it is not there.
 *
 * @throws {FileError} If the cell holds anything else.
 */
function presenceOf(row: ManifestRow, column: string): Presence {
  const text = row.cell(column);
  if (text === '') return 'absent';
  const usual = PRESENCE.get(text);
  if (usual !== undefined) return usual;
  if (isNothing(text)) return 'absent';
  const presence = PRESENCE.get(text.toLowerCase().replace(/\.0+$/, ''));
  if (presence !== undefined) return presence;
  throw new FileError({
    file: row.table,
    problem: `row ${row.line} has ${JSON.stringify(text)} in the column ${column}`,
    fix: 'Expected 1 (there), 0 or blank (not there) or -1 (uncertain).',
  });
}

/**
 * @internal Reads the findings of columns that have one each.
 *
 * @param columns - Finding by column.
 */
export function findingColumns(
  columns: Readonly<Record<string, string>>,
): (row: ManifestRow) => { findings: string[]; uncertain: string[] } {
  const pairs = Object.entries(columns);
  return (row) => {
    const findings: string[] = [];
    const uncertain: string[] = [];
    for (const [column, finding] of pairs) {
      const presence = presenceOf(row, column);
      if (presence === 'there') findings.push(finding);
      else if (presence === 'uncertain') uncertain.push(finding);
    }
    return { findings, uncertain };
  };
}
