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
import { decodeImageFile, fileDecoder, indexFolder } from 'xray-dataset/node';
import type { ReportNote } from 'xray-report';
import type { DatasetFlags } from './dataset-flags.js';
import { indexTable } from './index-table.js';
import { leftOutRowNotes } from './left-out-rows.js';

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
  /** Reads pixels that a rule will resize, shrinking large files on the way where that is faster. */
  decoderFor(rule: ResizeRule): Decode;
}

/**
 * Reads the index of a MedMNIST file, of a table and the images it tells of, or of a folder.
 *
 * @param classList - Decides which findings of a table count. @default all
 */
export async function indexData(
  flags: DatasetFlags & { readonly data: string },
  classList?: ClassList,
  onProgress?: ProgressCallback,
): Promise<IndexedData> {
  const { data, mapping } = flags;
  const name = basename(resolve(data));
  const files = { name, areFiles: true, decoderFor: (rule: ResizeRule) => fileDecoder({ rule }) };
  if (mapping !== undefined) {
    const table = await indexTable({ ...flags, mapping }, classList, onProgress);
    return { ...files, ...table, notes: leftOutRowNotes(table.skippedRows, table.unlisted) };
  }
  checkNoTableFlags(flags);
  if (data.endsWith('.npz')) {
    const { samples, decode } = indexMedmnist(await readNpz(data), { name });
    return {
      ...{
        samples,
        name,
        layout: 'MedMNIST file',
        areFiles: false,
        skippedRows: [],
        unlisted: [],
        notes: [],
      },
      decoderFor: () => decode,
    };
  }
  const { samples, layout } = await indexFolder(data);
  return { ...files, samples, layout: `${layout} layout`, skippedRows: [], unlisted: [], notes: [] };
}

/** Reads pixels at full size. */
export function fullSizeDecoder(data: IndexedData): Decode {
  return data.areFiles ? ({ source }) => decodeImageFile(source) : data.decoderFor({ height: 1, width: 1 });
}

/** `, 3 rows of the table left out (2 unknown-finding, 1 view)`, or nothing. */
export function describeSkippedRows(skipped: readonly SkippedRow[]): string {
  if (skipped.length === 0) return '';
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ');
  return `, ${skipped.length} rows of the table left out (${reasons})`;
}

function checkNoTableFlags(flags: DatasetFlags): void {
  for (const name of ['manifest', 'uncertain', 'readers', 'findings', 'views'] as const) {
    if (flags[name] === undefined) continue;
    throw new InvalidArgumentError({
      argument: `--${name}`,
      expected: 'left out without --mapping',
      received: flags[name],
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
