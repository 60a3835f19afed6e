import type { ClassList, Sample } from 'xray-core';
import { FileError } from 'xray-core';
import { compareText } from '../compare.js';
import { UNLABELLED } from '../unlabelled.js';
import type { ManifestEntry, ManifestMapping } from './manifest-mapping.js';
import { fileMatcher } from './match-files.js';
import { readTable } from './read-table.js';

/** Options of `indexManifest`. */
export interface ManifestOptions {
  /** What the columns mean: `nihMapping()`, `rsnaMapping()`, `chexpertMapping(...)` or `columnMapping(...)`. */
  mapping: ManifestMapping;
  /**
   * Decides which of an image's findings counts.
   *
   * @default undefined (all count, uncertain ones too, joined by `|`, as an audit wants them; images without any are
   *   `unlabelled`)
   */
  classList?: ClassList;
  /** Paths of the image files there are, relative, with `/`; in browsers `webkitRelativePath`. */
  files: readonly string[];
  /** Images the class list has no class for, or more than one: throw, or leave them out and report them. @default 'fail' */
  onUnknownFinding?: 'fail' | 'skip';
  /** Rows whose file is not among `files`: throw, or leave them out and report them. @default 'fail' */
  onMissingFile?: 'fail' | 'skip';
  /** Views to keep, for example `['PA', 'AP']`; others are left out and reported. @default undefined (all) */
  views?: readonly string[];
  /** What errors call the table. @default 'manifest' */
  name?: string;
}

/** A row that gave no sample. */
export interface SkippedRow {
  /** As in the table. */
  readonly image: string;
  readonly line: number;
  readonly reason: 'unknown-finding' | 'several-classes' | 'uncertain' | 'view' | 'missing-file';
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
  readonly patientCount: number;
}

/**
 * Samples from a CSV table and the files it tells of, in Node and in browsers.
 *
 * @param csv - Text of the table; its first line names the columns.
 * @throws {FileError} If the table cannot be read or lacks columns, tells twice or in contradiction of an image, names
 *   no patient, fits several files, or (unless skipped) names missing files or findings outside the class list.
 *
 * @example
 * const { samples, skipped } = indexManifest(await file.text(), {
 *   mapping: nihMapping(),
 *   classList: NORMAL_PNEUMONIA,
 *   files: images.map(({ webkitRelativePath }) => webkitRelativePath),
 *   onUnknownFinding: 'skip',
 * });
 */
export function indexManifest(csv: string, options: ManifestOptions): ManifestIndex {
  const { mapping, classList, files, views, name = 'manifest' } = options;
  const { onUnknownFinding = 'fail', onMissingFile = 'fail' } = options;
  const entries = readEntries(csv, mapping, name);
  const match = fileMatcher(files);
  const samples: Sample[] = [];
  const skipped: SkippedRow[] = [];
  const listed = new Map<string, number>();

  for (const { entry, line } of entries) {
    const skip = (reason: SkippedRow['reason']) => skipped.push({ image: entry.image, line, reason });
    const matches = match(entry.image);
    if (matches.length > 1) {
      throw rowError(name, line, `fits several files: ${matches.slice(0, 3).join(', ')}`, 'Remove copies.');
    }
    const file = matches[0];
    if (file !== undefined) {
      const before = listed.get(file);
      if (before !== undefined) throw rowError(name, line, `tells of ${file} again, as row ${before} does`);
      listed.set(file, line);
    }
    const finding = chooseFinding(entry, mapping, classList);
    if (views && !views.includes(entry.view ?? '')) skip('view');
    else if ('reason' in finding) skip(finding.reason);
    else if (file === undefined) skip('missing-file');
    else samples.push(toSample(entry, file, finding.finding));
  }

  if (onMissingFile === 'fail')
    failOn(
      skipped,
      ['missing-file'],
      name,
      'name no file that is there',
      "Check the folder, or pass onMissingFile: 'skip'.",
    );
  if (onUnknownFinding === 'fail' && classList) {
    const covered = Object.keys(classList.findings).join(', ');
    const seen = [...new Set(entries.flatMap(({ entry }) => entry.findings))].sort(compareText).slice(0, 20);
    failOn(
      skipped,
      ['unknown-finding', 'several-classes'],
      name,
      `have no finding, or several classes, of the class list (${covered}); the table has: ${seen.join(', ')}`,
      "Use another class list, or pass onUnknownFinding: 'skip'.",
    );
  }
  if (samples.length === 0) {
    throw new FileError({
      file: name,
      problem: `gives no samples: all ${skipped.length} images were skipped (${[...new Set(skipped.map(({ reason }) => reason))].join(', ')})`,
    });
  }
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

interface LinedEntry {
  readonly entry: ManifestEntry;
  readonly line: number;
}

/** One entry per image, rows of one image joined. */
function readEntries(csv: string, mapping: ManifestMapping, name: string): LinedEntry[] {
  const entries = new Map<string, LinedEntry>();
  for (const row of readTable(csv, name, mapping.columns)) {
    const entry = mapping.read(row);
    const { line } = row;
    if (entry.image === '') throw rowError(name, line, 'names no image');
    if (entry.patientId === '')
      throw rowError(name, line, 'names no patient', 'Images of one patient must stay together.');
    const before = entries.get(entry.image);
    if (before === undefined) {
      entries.set(entry.image, { entry, line });
    } else if (!mapping.hasSeveralRowsPerImage) {
      throw rowError(name, line, `tells of ${entry.image} again, as row ${before.line} does`);
    } else if (before.entry.findings.join() !== entry.findings.join()) {
      throw rowError(name, line, `contradicts row ${before.line} about ${entry.image}`);
    }
  }
  return [...entries.values()];
}

/** The finding that counts: of those in the class list, all must mean one class. */
function chooseFinding(
  entry: ManifestEntry,
  mapping: ManifestMapping,
  classList: ClassList | undefined,
): { finding: string } | { reason: SkippedRow['reason'] } {
  const isCovered = (finding: string) => !classList || Object.hasOwn(classList.findings, finding);
  const { uncertain: policy = 'exclude' } = mapping;
  const uncertain = entry.uncertain ?? [];
  if (policy === 'exclude' && uncertain.some(isCovered)) return { reason: 'uncertain' };
  const covered = [...entry.findings, ...(policy === 'positive' ? uncertain : [])].filter(isCovered);
  if (!classList) return { finding: [...new Set(covered)].join('|') || UNLABELLED };
  const classes = new Set(covered.map((finding) => classList.findings[finding]));
  if (classes.size > 1) return { reason: 'several-classes' };
  return covered[0] === undefined ? { reason: 'unknown-finding' } : { finding: covered[0] };
}

function toSample(entry: ManifestEntry, file: string, finding: string): Sample {
  return {
    id: file,
    source: file,
    finding,
    patientId: entry.patientId ?? file,
    ...(entry.split === undefined ? {} : { split: entry.split }),
  };
}

function failOn(
  skipped: readonly SkippedRow[],
  reasons: readonly SkippedRow['reason'][],
  name: string,
  what: string,
  fix: string,
): void {
  const bad = skipped.filter(({ reason }) => reasons.includes(reason));
  if (bad.length === 0) return;
  const named = bad.slice(0, 3).map(({ image, line }) => `${image} (row ${line})`);
  throw new FileError({
    file: name,
    problem: `${bad.length} of its images ${what}. First: ${named.join(', ')}`,
    fix,
  });
}

function rowError(name: string, line: number, problem: string, fix = 'Correct the table.'): FileError {
  return new FileError({ file: name, problem: `row ${line} ${problem}`, fix });
}
