import { FileError, type Split } from 'xray-core';
import { splitOfFolder } from '../index-files/parse-path.js';
import { findingColumns, findingNamed, isNothing, listOf } from './cell-values.js';
import type { ManifestEntry, ManifestMapping, ReaderRule, UncertainPolicy } from './manifest-mapping.js';
import type { ManifestRow } from './read-table.js';

interface CommonColumns {
  /** Column with the image's path or name. */
  image: string;
  /** Column that says whose image it is. @default undefined (file names of known datasets and DICOM tags may tell) */
  patientId?: string | undefined;
  /** Column with the view. @default undefined */
  view?: string | undefined;
  /** Column with the side: `train`, `val` or `test`, in any case. @default undefined */
  split?: string | undefined;
  /** Column with the hospital, the device or the collection that an image is from. @default undefined */
  origin?: string | undefined;
}

/** Columns of a table, for `columnMapping`. */
export interface ColumnMappingOptions extends CommonColumns {
  /** Column with the finding or findings. */
  finding: string;
  /**
   * What separates several findings in a cell, for example `'|'`. Lists as Python and JSON write them, such as
   * `['normal', 'pneumonia']`, are read without.
   *
   * @default undefined (one finding)
   */
  separator?: string | undefined;
  /**
   * Finding of a cell's text, for example `{ 0: 'normal', 1: 'pneumonia' }`.
   *
   * @default the text in lower case, `normal` for `No Finding`, and nothing for blank cells, `nan`, `null` and `n/a`
   */
  findings?: Readonly<Record<string, string>> | undefined;
}

/** Columns of a table, for `findingColumnsMapping`. */
export interface FindingColumnsOptions extends CommonColumns {
  /** Columns that have a finding each: 1 where it is there, 0 or blank where it is not, -1 where it is uncertain. */
  columns: readonly string[];
  /** Finding of a column, for example `{ 'Lung Opacity': 'opacity' }`. @default its name in lower case, `normal` for `No Finding` */
  findings?: Readonly<Record<string, string>> | undefined;
  /** What to do about uncertain findings. @default 'exclude' */
  uncertain?: UncertainPolicy | undefined;
  /** Column that names the reader, where several rows tell of an image. @default undefined (one row per image) */
  reader?: string | undefined;
  /** How readers are combined. @default 'majority' */
  readers?: ReaderRule | undefined;
}

/**
 * Mapping for any table, by the names of its columns.
 *
 * @example
 * const mapping = columnMapping({ image: 'file', finding: 'label', patientId: 'subject' });
 */
export function columnMapping(options: ColumnMappingOptions): ManifestMapping {
  const { finding, separator, findings = {} } = options;
  return {
    columns: [finding, ...commonColumns(options)],
    read(row) {
      const texts = listOf(row.cell(finding), separator).filter(
        (text) => Object.hasOwn(findings, text) || !isNothing(text),
      );
      return {
        ...readCommon(row, options),
        findings: texts.map((text) => (Object.hasOwn(findings, text) ? findings[text]! : findingNamed(text))),
      };
    },
  };
}

/**
 * Mapping for tables in which every finding has a column of its own.
 *
 * @example
 * const mapping = findingColumnsMapping({ image: 'image_id', columns: ['No finding', 'Pneumonia'] });
 */
export function findingColumnsMapping(options: FindingColumnsOptions): ManifestMapping {
  const { columns, findings = {}, uncertain = 'exclude', reader, readers = 'majority' } = options;
  const read = findingColumns(
    Object.fromEntries(
      columns.map((column) => [
        column,
        Object.hasOwn(findings, column) ? findings[column]! : findingNamed(column),
      ]),
    ),
  );
  return {
    columns: [...columns, ...commonColumns(options), ...(reader === undefined ? [] : [reader])],
    uncertain,
    ...(reader === undefined ? {} : { readers }),
    read: (row) => ({
      ...readCommon(row, options),
      ...read(row),
      ...(reader === undefined ? {} : { reader: row.cell(reader) }),
    }),
  };
}

function commonColumns({ image, patientId, view, split, origin }: CommonColumns): string[] {
  return [image, patientId, view, split, origin].filter((column) => column !== undefined);
}

function readCommon(row: ManifestRow, options: CommonColumns): Omit<ManifestEntry, 'findings'> {
  const { image, patientId, view, split, origin } = options;
  return {
    image: row.cell(image),
    ...(patientId === undefined ? {} : { patientId: row.cell(patientId) }),
    ...(view === undefined ? {} : { view: row.cell(view) }),
    ...(split === undefined ? {} : { split: sideOf(row, split) }),
    ...(origin === undefined ? {} : { origin: row.cell(origin) }),
  };
}

function sideOf(row: ManifestRow, column: string): Split | undefined {
  const text = row.cell(column);
  if (isNothing(text)) return undefined;
  const side = splitOfFolder(text);
  if (side !== undefined) return side;
  throw new FileError({
    file: row.table,
    problem: `row ${row.line} has ${JSON.stringify(text)} in the column ${column}`,
    fix: 'Expected train, val, test or blank.',
  });
}
