import { FileError, type ProgressCallback } from 'xray-core';
import { isNobody } from './cell-values.js';
import { combineReaders } from './combine-rows.js';
import type { ManifestEntry, ManifestMapping } from './manifest-mapping.js';
import { readTable } from './read-table.js';

/** A table as text. */
export interface ManifestTable {
  /** What errors call it; some datasets say in it on which side its images are. */
  readonly name: string;
  readonly text: string;
}

/** @internal What the tables say about an image, and where. */
export interface LinedEntry {
  readonly entry: ManifestEntry;
  readonly table: string;
  /** Of the first row that tells of the image. */
  readonly line: number;
  /** Whether readers saw something, but nothing on which enough of them agree. */
  readonly isDisputed: boolean;
}

/** Rows between two progress events. */
const ROWS_PER_EVENT = 10_000;

/** What bad anonymisation leaves where a patient's number was. */
const PLACEHOLDER = /^(?:anon\w*|unknown|removed|redacted|deidentified|patient|x+|0+|-1)$/i;

/**
 * @internal Reads tables: one entry per image, rows of one image joined.
 *
 * @throws {FileError} If a table cannot be read, a row names no image or no patient, rows contradict each other, or all
 *   rows name one patient who is none.
 */
export function readEntries(
  tables: readonly ManifestTable[],
  mapping: ManifestMapping,
  onProgress?: ProgressCallback,
): LinedEntry[] {
  const rows = tables.flatMap(
    ({ text, name }) => mapping.rowsOf?.(text, name) ?? readTable(text, name, mapping.columns),
  );
  const images = new Map<string, LinedEntry>();
  const further = new Map<string, LinedEntry[]>();
  const nameless: LinedEntry[] = [];
  rows.forEach((row, at) => {
    const entry = mapping.read(row);
    const lined = { entry, table: row.table, line: row.line, isDisputed: false };
    if (entry.image === '') throw rowError(lined, 'names no image');
    if (entry.patientId !== undefined && isNobody(entry.patientId)) nameless.push(lined);
    const first = images.get(entry.image);
    if (first === undefined) {
      images.set(entry.image, lined);
    } else {
      checkSecond(lined, first, mapping);
      further.set(entry.image, [...(further.get(entry.image) ?? []), lined]);
    }
    if (rows.length > ROWS_PER_EVENT && ((at + 1) % ROWS_PER_EVENT === 0 || at + 1 === rows.length))
      onProgress?.({ type: 'index', done: at + 1, total: rows.length });
  });
  checkPatients(nameless, rows.length);
  const entries = [...images].map(([image, first]) => join(first, further.get(image) ?? [], mapping));
  checkPlaceholder(entries);
  return entries;
}

/** @internal An error that names the row. */
export function rowError(
  { table, line }: Pick<LinedEntry, 'table' | 'line'>,
  problem: string,
  fix = 'Correct the table.',
): FileError {
  return new FileError({ file: table, problem: `row ${line} ${problem}`, fix });
}

/** @internal How an error at `where` calls the row of another entry. */
export function rowOf({ table, line }: LinedEntry, where: Pick<LinedEntry, 'table'>): string {
  return table === where.table ? `row ${line}` : `row ${line} of ${table}`;
}

/** A further row of an image, which must not contradict the first one. */
function checkSecond(lined: LinedEntry, first: LinedEntry, mapping: ManifestMapping): void {
  const { entry } = lined;
  const what = (text: string) => rowError(lined, `${text} ${rowOf(first, lined)} about ${entry.image}`);
  if (!mapping.hasSeveralRowsPerImage && mapping.readers === undefined)
    throw rowError(lined, `tells of ${entry.image} again, as ${rowOf(first, lined)} does`);
  if (entry.patientId !== first.entry.patientId || entry.split !== first.entry.split)
    throw what('contradicts');
  if (mapping.readers === undefined && toText(entry) !== toText(first.entry)) throw what('contradicts');
}

const toText = ({ findings, uncertain = [] }: ManifestEntry) => `${findings.join()} ${uncertain.join()}`;

function join(
  first: LinedEntry,
  further: readonly LinedEntry[],
  { readers, uncertain: policy }: ManifestMapping,
): LinedEntry {
  if (readers === undefined) return first;
  const votes = [first, ...further].map(({ entry }) =>
    policy === 'positive' // so that what one reader is uncertain about outweighs another's `normal`
      ? { ...entry, findings: [...entry.findings, ...(entry.uncertain ?? [])], uncertain: [] }
      : entry,
  );
  const { findings, uncertain, isDisputed } = combineReaders(votes, readers);
  return { ...first, entry: { ...first.entry, findings, uncertain }, isDisputed };
}

function checkPatients(nameless: readonly LinedEntry[], total: number): void {
  const [first] = nameless;
  if (first === undefined) return;
  const written = first.entry.patientId === '' ? '' : ` (${first.entry.patientId})`;
  const others =
    nameless.length === total && total > 1
      ? ', and no other row does'
      : nameless.length > 1
        ? `, as do ${nameless.length - 1} others`
        : '';
  throw rowError(
    first,
    `names no patient${written}${others}`,
    'Images of one patient must stay together: complete the column, or use a mapping without it.',
  );
}

function checkPlaceholder(entries: readonly LinedEntry[]): void {
  const [first] = entries;
  const patientId = first?.entry.patientId;
  if (patientId === undefined || entries.length < 2 || !PLACEHOLDER.test(patientId)) return;
  if (entries.some(({ entry }) => entry.patientId !== patientId)) return;
  throw new FileError({
    file: first!.table,
    problem: `names one patient, ${patientId}, for all of its ${entries.length} images`,
    fix: 'Anonymising seems to have left nobody: restore the column, or use a mapping without it.',
  });
}
