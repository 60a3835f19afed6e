import { FileError, type Split } from 'xray-core';
import { findingColumns } from '../cell-values.js';
import type { ManifestMapping, UncertainPolicy } from '../manifest-mapping.js';
import type { ManifestTable } from '../read-entries.js';
import { type ManifestRow, readTable } from '../read-table.js';
import { CHEXPERT_BESIDE_NORMAL, CHEXPERT_COLUMNS } from './chexpert.js';

/** The tables beside the one that lists the images. */
export interface MimicCxrOptions {
  /** Findings per study: `mimic-cxr-2.0.0-chexpert.csv`, `-negbio.csv` or `mimic-cxr-2.1.0-test-set-labeled.csv`. */
  labels: ManifestTable;
  /** Views per image: `mimic-cxr-2.0.0-metadata.csv`. @default undefined (views unknown) */
  metadata?: ManifestTable | undefined;
  /** What to do about uncertain findings; the results depend on it, so there is no default. */
  uncertain: UncertainPolicy;
}

const SIDES: Readonly<Record<string, Split>> = { train: 'train', validate: 'validation', test: 'test' };

/** The labels of the test side that radiologists gave name one column otherwise. */
const readFindings = findingColumns({ ...CHEXPERT_COLUMNS, 'Airspace Opacity': 'lung opacity' });

/**
 * MIMIC-CXR-JPG: `mimic-cxr-2.0.0-split.csv` lists images, patients and sides, a second table the findings of every study, a
 * third the views. Images are found by their `dicom_id`, whatever the folders (`p10/p10000032/s50414267/`). Findings are those
 * of `chexpertMapping`; images of studies without labels have none. All images of a study have its findings.
 *
 * @throws {FileError} If a table cannot be read or lacks columns.
 * @see Johnson et al., Scientific Data 2019, doi:10.1038/s41597-019-0322-0; doi:10.13026/jsn5-t979
 *
 * @example
 * const read = async (part: string) => {
 *   const name = `mimic-cxr-2.0.0-${part}.csv.gz`;
 *   return { name, text: await readTableText(name) };
 * };
 * const mapping = mimicCxrMapping({ labels: await read('chexpert'), metadata: await read('metadata'), uncertain: 'exclude' });
 */
export function mimicCxrMapping(options: MimicCxrOptions): ManifestMapping {
  const { labels, metadata, uncertain } = options;
  const studies = rowsBy('study_id', readTable(labels.text, labels.name, ['study_id', 'Pneumonia']));
  const views =
    metadata && rowsBy('dicom_id', readTable(metadata.text, metadata.name, ['dicom_id', 'ViewPosition']));
  return {
    columns: ['dicom_id', 'study_id', 'subject_id'],
    uncertain,
    besideNormal: CHEXPERT_BESIDE_NORMAL,
    read(row) {
      const image = row.cell('dicom_id');
      const study = studies.get(row.cell('study_id'));
      const side = row.cell('split');
      if (side !== '' && !Object.hasOwn(SIDES, side)) {
        throw new FileError({
          file: row.table,
          problem: `row ${row.line} has ${JSON.stringify(side)} in the column split`,
          fix: 'Expected train, validate or test.',
        });
      }
      return {
        image,
        ...(study ? readFindings(study) : { findings: [] }),
        patientId: row.cell('subject_id'),
        view: (views?.get(image) ?? row).cell('ViewPosition'),
        ...(side === '' ? {} : { split: SIDES[side]! }),
      };
    },
  };
}

function rowsBy(column: string, rows: readonly ManifestRow[]): ReadonlyMap<string, ManifestRow> {
  return new Map(rows.map((row) => [row.cell(column), row]));
}
