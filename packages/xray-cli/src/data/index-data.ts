import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  type ClassList,
  FileError,
  InvalidArgumentError,
  type ProgressCallback,
  type ResizeRule,
  type Sample,
} from 'xray-core';
import { type Decode, indexMedmnist, type SkippedRow } from 'xray-dataset';
import { type DecodeOptions, decodeImageFile, fileDecoder, indexFolder } from 'xray-dataset/node';
import type { ReportNote } from 'xray-report';
import type { DatasetOptions } from './dataset-options.js';
import { indexTable } from './index-table.js';
import { leftOutNotes } from './left-out-notes.js';
import { leftOutRowNotes } from './left-out-rows.js';
import { patientReader } from './patient-from.js';

/** What is in `--data`. */
export interface IndexedData {
  readonly samples: readonly Sample[];
  /** Name of the folder or file. */
  readonly name: string;
  /** How it was read, such as `kaggle layout`. */
  readonly layout: string;
  /** Whether every sample's `source` is a file of its own. */
  readonly areFiles: boolean;
  /** Rows of the table that gave no sample. */
  readonly skippedRows: readonly SkippedRow[];
  /** Images that no row of the table tells of. */
  readonly unlisted: readonly string[];
  /** What was left out, and why. */
  readonly notes: readonly ReportNote[];
  /** How files are read. */
  readonly decoding: Pick<DecodeOptions, 'frame' | 'maxPixels'>;
  /** Reads pixels that a rule will resize, shrinking large files on the way where that is faster. */
  decoderFor(rule: ResizeRule): Decode;
}

/**
 * Reads the index of a MedMNIST file, of a table and the images it tells of, or of a folder.
 *
 * @param classList - Decides which findings count. @default all
 */
export async function indexData(
  options: DatasetOptions,
  classList?: ClassList,
  onProgress?: ProgressCallback,
): Promise<IndexedData> {
  const { data, mapping } = options;
  const reader = patientReader(options.patientFrom);
  const name = basename(resolve(data));
  const { frame, maxPixels } = options;
  const decoding = { frame, maxPixels };
  const files = {
    name,
    areFiles: true,
    decoding,
    decoderFor: (rule: ResizeRule) => fileDecoder({ rule, ...decoding }),
  };
  if (mapping !== undefined) {
    const table = await indexTable({ ...options, mapping }, classList, onProgress);
    return {
      ...{ ...files, ...table, samples: reader.apply(table.samples) },
      notes: leftOutRowNotes(table.skippedRows, table.unlisted),
    };
  }
  checkNoTableOptions(options);
  if (data.endsWith('.npz')) {
    if (options.patientFrom !== undefined) {
      throw new InvalidArgumentError({
        argument: '--patient-from',
        expected: 'left out with a MedMNIST file, which does not tell patients apart',
        received: options.patientFrom,
      });
    }
    const { samples, decode } = indexMedmnist(await readNpz(data), { name });
    const covered = coveredOnly(samples, options, classList);
    return {
      ...{ ...covered, name, layout: 'MedMNIST file', areFiles: false, skippedRows: [], unlisted: [] },
      decoding,
      decoderFor: () => decode,
    };
  }
  const views = options.views?.split(',').map((view) => view.trim());
  const index = await indexFolder(data, { ...reader.options, views });
  reader.check();
  const { samples, notes } = coveredOnly(index.samples, options, classList);
  const layout = `${index.layout} layout${index.hasPatientFolders ? ', a folder per patient' : ''}`;
  return {
    ...{ ...files, samples, layout, skippedRows: [], unlisted: [] },
    notes: [...notes, ...leftOutNotes(index.leftOut)],
  };
}

/** The samples that a class list has a class for; without a class list all. */
function coveredOnly(
  samples: readonly Sample[],
  { onUnknownFinding = 'fail', data }: DatasetOptions,
  classList: ClassList | undefined,
): Pick<IndexedData, 'samples' | 'notes'> {
  const isCovered = ({ finding }: Sample) => !classList || Object.hasOwn(classList.findings, finding);
  const others = new Map<string, number>();
  for (const sample of samples)
    if (!isCovered(sample)) others.set(sample.finding, (others.get(sample.finding) ?? 0) + 1);
  if (!classList || others.size === 0) return { samples, notes: [] };
  const named = [...others].map(([finding, count]) => `${finding} (${count} images)`).join(', ');
  const kept = samples.filter(isCovered);
  if (onUnknownFinding === 'fail' || kept.length === 0) {
    throw new InvalidArgumentError({
      argument: `findings of ${data}`,
      expected: `among ${Object.keys(classList.findings).join(', ')}, which the classes ${classList.names.join(', ')} cover`,
      received: named,
      fix:
        'Say which classes they belong to, as in --classes normal=NORMAL,pneumonia=PNEUMONIA+COVID, or leave these images out ' +
        'with --on-unknown-finding skip.',
    });
  }
  return { samples: kept, notes: [{ kind: 'warning', text: `Left out for lack of a class: ${named}.` }] };
}

/** Reads pixels at full size. */
export function fullSizeDecoder(data: IndexedData): Decode {
  return data.areFiles
    ? ({ source }) => decodeImageFile(source, data.decoding)
    : data.decoderFor({ height: 1, width: 1 });
}

/** `, 3 rows of the table left out (2 unknown-finding, 1 view)`, or nothing. */
export function describeSkippedRows(skipped: readonly SkippedRow[]): string {
  if (skipped.length === 0) return '';
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ');
  return `, ${skipped.length} rows of the table left out (${reasons})`;
}

function checkNoTableOptions(options: DatasetOptions): void {
  const ofTables = ['manifest', 'uncertain', 'readers', 'findings'] as const;
  for (const name of options.data.endsWith('.npz') ? ([...ofTables, 'views'] as const) : ofTables) {
    if (options[name] === undefined) continue;
    throw new InvalidArgumentError({
      argument: `--${name}`,
      expected: 'left out without --mapping',
      received: options[name],
    });
  }
}

async function readNpz(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new FileError({ file, problem: 'could not be read, expected a MedMNIST file', cause: error });
  }
}
