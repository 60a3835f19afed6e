import type { ClassList, ProgressCallback, Sample } from 'xray-core';
import { FileError, type OptionNames, refuseUnknownOptions } from 'xray-core';
import { compareText } from '../compare.js';
import { readKaggleName, readMendeleyName } from '../index-files/file-name.js';
import { UNLABELLED } from '../unlabelled.js';
import type { ManifestEntry, ManifestMapping } from './manifest-mapping.js';
import { fileMatcher } from './match-files.js';
import { type LinedEntry, type ManifestTable, readEntries, rowError, rowOf } from './read-entries.js';

const OPTIONS: OptionNames<ManifestOptions> = {
  mapping: true,
  classList: true,
  files: true,
  patientIdOf: true,
  onUnknownFinding: true,
  onMissingFile: true,
  views: true,
  name: true,
  onProgress: true,
};

/** Options of `indexManifest`. */
export interface ManifestOptions {
  /** What the columns mean: a ready one, such as `nihMapping()`, or `columnMapping(...)`. */
  mapping: ManifestMapping;
  /**
   * Decides which of an image's findings counts.
   *
   * @default undefined (all count, uncertain ones too, joined by `|`, as an audit wants them; images without any are
   *   `unlabelled`)
   */
  classList?: ClassList | undefined;
  /** Paths of the image files there are, relative, with `/`; in browsers `webkitRelativePath`. */
  files: readonly string[];
  /** Patient of a file, where the table names none. Where it gives `undefined`, names of the Kaggle and Mendeley files tell. */
  patientIdOf?: ((file: string) => string | undefined) | undefined;
  /**
   * Images the class list has no class for, or more than one, or that are said to be `normal` and to have a finding: throw,
   * or leave them out and report them.
   *
   * @default 'fail'
   */
  onUnknownFinding?: 'fail' | 'skip' | undefined;
  /** Rows whose file is not among `files`: throw, or leave them out and report them. @default 'fail' */
  onMissingFile?: 'fail' | 'skip' | undefined;
  /** Views to keep, for example `['PA', 'AP']`; others are left out and reported. @default undefined (all) */
  views?: readonly string[] | undefined;
  /** What errors call the table. @default 'manifest' */
  name?: string | undefined;
  /** Told of rows read, every 10,000 of them. */
  onProgress?: ProgressCallback | undefined;
}

/** A row that gave no sample. */
export interface SkippedRow {
  /** As in the table. */
  readonly image: string;
  /** Name of the table. */
  readonly table: string;
  readonly line: number;
  /**
   * The class list has no class for its findings, or several; it is `normal` and has a finding (`contradiction`); a finding
   * that matters is uncertain; too few readers agree; another view; no such file.
   */
  readonly reason:
    | 'unknown-finding'
    | 'several-classes'
    | 'contradiction'
    | 'uncertain'
    | 'readers-disagree'
    | 'view'
    | 'missing-file';
}

/** What is in a dataset that a table describes. */
export interface ManifestIndex {
  /** Sorted by id, which is the file's path, as is `source`. */
  readonly samples: readonly Sample[];
  /** In the order of the table. */
  readonly skipped: readonly SkippedRow[];
  /** Files no row tells of, sorted. */
  readonly unlisted: readonly string[];
  /** Images per finding. */
  readonly findings: Readonly<Record<string, number>>;
  /** Images of unknown patients count as one each. */
  readonly patientCount: number;
}

const NO_CLASS = [
  'unknown-finding',
  'several-classes',
  'contradiction',
] as const satisfies readonly SkippedRow['reason'][];

/**
 * Samples from CSV tables and the files they tell of, in Node and in browsers. Where neither the table nor `patientIdOf`
 * nor the name of a file says whose image it is, the sample has `isPatientUnknown`.
 *
 * @param table - Text of the table, whose first line names the columns; of several, for example of each side, name and text.
 * @throws {FileError} If a table cannot be read or lacks columns, tells twice or in contradiction of an image, names no
 *   patient, fits several files, or (unless skipped) names missing files or findings outside the class list.
 *
 * @example
 * const { samples, skipped } = indexManifest(await file.text(), {
 *   mapping: nihMapping(),
 *   classList: NORMAL_PNEUMONIA,
 *   files: images.map(({ webkitRelativePath }) => webkitRelativePath),
 *   onUnknownFinding: 'skip',
 * });
 */
export function indexManifest(
  table: string | readonly ManifestTable[],
  options: ManifestOptions,
): ManifestIndex {
  refuseUnknownOptions('indexManifest', options, OPTIONS);
  const { mapping, classList, files, views, name = 'manifest', onProgress } = options;
  const tables = typeof table === 'string' ? [{ name, text: table }] : table;
  const all = tables.map((one) => one.name).join(', ');
  const entries = readEntries(tables, mapping, onProgress);
  const match = fileMatcher(
    files,
    entries.map(({ entry }) => entry.image),
  );
  const samples: Sample[] = [];
  const skipped: SkippedRow[] = [];
  const listed = new Map<string, LinedEntry>();

  for (const lined of entries) {
    const { entry } = lined;
    const skip = (reason: SkippedRow['reason']) =>
      skipped.push({ image: entry.image, table: lined.table, line: lined.line, reason });
    const matches = match(entry.image);
    if (matches.length > 1) {
      throw rowError(
        lined,
        `fits several files: ${matches.slice(0, 3).join(', ')}`,
        'Remove copies, or choose the folder of one of them.',
      );
    }
    const file = matches[0];
    if (file !== undefined) {
      const before = listed.get(file);
      if (before !== undefined)
        throw rowError(lined, `tells of ${file} again, as ${rowOf(before, lined)} does`);
      listed.set(file, lined);
    }
    const finding = chooseFinding(lined, mapping, classList);
    if (views && !views.includes(entry.view ?? '')) skip('view');
    else if ('reason' in finding) skip(finding.reason);
    else if (file === undefined) skip('missing-file');
    else samples.push(toSample(entry, file, finding.finding, options));
  }

  failWhereAsked(skipped, entries, all, options);
  if (samples.length === 0) throw nothingLeft(skipped, entries, all, views);
  samples.sort((left, right) => compareText(left.id, right.id));
  const counts = new Map<string, number>();
  for (const { finding } of samples) counts.set(finding, (counts.get(finding) ?? 0) + 1);
  const findings = Object.fromEntries(counts);
  return {
    samples,
    skipped,
    unlisted: files.filter((file) => !listed.has(file)).sort(compareText),
    findings,
    patientCount: new Set(samples.map(({ patientId }) => patientId)).size,
  };
}

/** The finding that counts: of those in the class list, all must mean one class. */
function chooseFinding(
  { entry, isDisputed }: LinedEntry,
  mapping: ManifestMapping,
  classList: ClassList | undefined,
): { finding: string } | { reason: SkippedRow['reason'] } {
  const classOf = (finding: string) => (classList ? classList.findings[finding] : finding);
  const isCovered = (finding: string) => !classList || Object.hasOwn(classList.findings, finding);
  const { uncertain: policy = 'exclude', besideNormal = [] } = mapping;
  if (isDisputed) return { reason: 'readers-disagree' };
  const uncertain = entry.uncertain ?? [];
  const there = [...entry.findings, ...(policy === 'positive' ? uncertain : [])];
  const covered = there.filter(isCovered);
  const classes = new Set(covered.map(classOf));
  const isOpen = uncertain.some((finding) => isCovered(finding) && !classes.has(classOf(finding)));
  if (policy === 'exclude' && isOpen) return { reason: 'uncertain' };
  if (!classList) return { finding: [...classes].join('|') || UNLABELLED };
  const isDisease = (finding: string) => finding !== 'normal' && !besideNormal.includes(finding);
  if (there.includes('normal') && there.some(isDisease)) return { reason: 'contradiction' };
  if (classes.size > 1) return { reason: 'several-classes' };
  return covered[0] === undefined ? { reason: 'unknown-finding' } : { finding: covered[0] };
}

function toSample(
  entry: ManifestEntry,
  file: string,
  finding: string,
  { mapping, patientIdOf }: ManifestOptions,
): Sample {
  const patientId =
    entry.patientId ?? (mapping.hasNoPatients ? undefined : (patientIdOf?.(file) ?? patientOfName(file)));
  return {
    id: file,
    source: file,
    finding,
    patientId: patientId ?? file,
    ...(patientId === undefined ? { isPatientUnknown: true } : {}),
    ...(entry.split === undefined ? {} : { split: entry.split }),
    ...(entry.origin ? { origin: entry.origin } : {}),
  };
}

function patientOfName(file: string): string | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return (readKaggleName(name) ?? readMendeleyName(name))?.patientId;
}

function failWhereAsked(
  skipped: readonly SkippedRow[],
  entries: readonly LinedEntry[],
  all: string,
  { classList, onUnknownFinding = 'fail', onMissingFile = 'fail' }: ManifestOptions,
): void {
  if (onMissingFile === 'fail') {
    failOn(
      skipped.filter(({ reason }) => reason === 'missing-file'),
      all,
      'name no file that is there',
      "Check the folder, or pass onMissingFile: 'skip'.",
    );
  }
  if (onUnknownFinding !== 'fail' || !classList) return;
  const covered = Object.keys(classList.findings).join(', ');
  const seen = new Set(
    entries.flatMap(({ entry }) => (entry.findings.length > 0 ? entry.findings : ['none'])),
  );
  const bad = skipped.filter(({ reason }) => NO_CLASS.some((one) => one === reason));
  failOn(
    bad,
    all,
    `have no finding, or several classes, of the class list (${covered}), or are normal and have a finding; the table has: ${[...seen].sort(compareText).slice(0, 20).join(', ')}`,
    `${[...seen].some((finding) => /[|;]/.test(finding)) ? 'Say what separates findings in a cell, use' : 'Use'} another class list, or pass onUnknownFinding: 'skip'.`,
  );
}

function failOn(bad: readonly SkippedRow[], all: string, what: string, fix: string): void {
  if (bad.length === 0) return;
  const named = bad.slice(0, 3).map(({ image, line }) => `${image} (row ${line})`);
  throw new FileError({
    file: bad.every(({ table }) => table === bad[0]!.table) ? bad[0]!.table : all,
    problem: `${bad.length} of its images ${what}. First: ${named.join(', ')}`,
    fix,
  });
}

function nothingLeft(
  skipped: readonly SkippedRow[],
  entries: readonly LinedEntry[],
  all: string,
  views: readonly string[] | undefined,
): FileError {
  const reasons = [...new Set(skipped.map(({ reason }) => reason))];
  const seen = [...new Set(entries.map(({ entry }) => entry.view || 'none'))].sort(compareText).slice(0, 10);
  const which = views && reasons.includes('view') ? `; its views are ${seen.join(', ')}` : '';
  return new FileError({
    file: all,
    problem: `gives no samples: all ${skipped.length} images were skipped (${reasons.join(', ')}${which})`,
  });
}
