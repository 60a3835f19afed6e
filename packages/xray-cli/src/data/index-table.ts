import type { ClassList, ProgressCallback, Sample } from 'xray-core';
import type { SkippedRow } from 'xray-dataset';
import { indexManifestFile } from 'xray-dataset/node';
import type { DatasetOptions } from './dataset-options.js';
import { findTables } from './find-tables.js';
import { mappingOf } from './manifest-mapping.js';

/** What a table tells of the images in `--data`. */
export interface IndexedTable {
  readonly samples: readonly Sample[];
  /** How it was read, with every choice that the findings depend on. */
  readonly layout: string;
  /** Rows that gave no sample. */
  readonly skippedRows: readonly SkippedRow[];
  /** Images that no row tells of. */
  readonly unlisted: readonly string[];
}

/**
 * Reads the tables of `--mapping` and the images they tell of.
 *
 * @param classList - Decides which findings count. @default all
 */
export async function indexTable(
  options: DatasetOptions & { readonly mapping: string },
  classList?: ClassList,
  onProgress?: ProgressCallback,
): Promise<IndexedTable> {
  const { data, mapping: name, onUnknownFinding = 'fail', onMissingFile = 'fail' } = options;
  const { files, companions, notes } = await findTables(name, options);
  const mapping = mappingOf(name, options, companions);
  const { samples, skipped, unlisted } = await indexManifestFile(files, {
    folder: data,
    mapping,
    classList,
    onUnknownFinding,
    onMissingFile,
    onProgress,
    views: options.views?.split(',').map((view) => view.trim()),
  });
  const choices = [
    ...notes,
    ...(mapping.readers ? [`findings of ${READERS[mapping.readers]}`] : []),
    ...(options.uncertain ? [`uncertain findings ${POLICIES[options.uncertain]}`] : []),
  ];
  return {
    ...{ samples, unlisted, skippedRows: skipped },
    layout: ['table', name, ...choices].join(', '),
  };
}

const READERS = { majority: 'the majority of readers', any: 'any reader', all: 'all readers' } as const;

const POLICIES = { positive: 'as there', negative: 'as not there', exclude: 'left out' } as const;
