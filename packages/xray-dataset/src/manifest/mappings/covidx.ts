import { FileError, type Split } from 'xray-core';
import type { ManifestMapping } from '../manifest-mapping.js';
import type { ManifestRow } from '../read-table.js';

const FINDINGS: Readonly<Record<string, string>> = {
  normal: 'normal',
  pneumonia: 'pneumonia',
  'covid-19': 'covid-19',
  positive: 'covid-19',
  negative: 'no covid-19',
};

const SIDES: Readonly<Record<string, Split>> = { train: 'train', val: 'validation', test: 'test' };

/**
 * COVIDx, the lists of COVID-Net (`train_COVIDx9A.txt`, `test_COVIDx9A.txt`, or `train.txt`, `val.txt` and `test.txt` of the Kaggle
 * copies): a patient, a file, a class and mostly a source per line, with spaces between them and no header. Findings are
 * `normal`, `pneumonia` and `covid-19`; the lists of two classes have `covid-19` and `no covid-19`, which covers both others.
 * The side is in the list's name.
 *
 * @see Wang, Lin & Wong, Scientific Reports 2020, doi:10.1038/s41598-020-76550-z
 */
export function covidxMapping(): ManifestMapping {
  return {
    columns: [],
    hasSeveralRowsPerImage: true, // some lists have lines twice
    rowsOf: readList,
    read(row) {
      const side = /(?:^|[/\\])(train|val|test)(?=[_.])/i.exec(row.table)?.[1]?.toLowerCase();
      return {
        image: row.cell('file'),
        findings: [FINDINGS[row.cell('class').toLowerCase()]!],
        patientId: row.cell('patient'),
        ...(side === undefined ? {} : { split: SIDES[side]! }),
      };
    },
  };
}

/** File names may have spaces in them, the other parts have none. */
const LINE = new RegExp(`^(\\S+) +(.+?) +(${Object.keys(FINDINGS).join('|')})(?: +\\S+)?$`, 'i');

function readList(text: string, table: string): ManifestRow[] {
  const rows = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  if (text.trim() === '')
    throw new FileError({ file: table, problem: 'has no rows', fix: 'Expected a line per image.' });
  return rows.flatMap((written, at): ManifestRow[] => {
    const row = written.trim();
    if (row === '') return [];
    const [, patient, file, finding] = LINE.exec(row) ?? [];
    if (finding === undefined) {
      throw new FileError({
        file: table,
        problem: `row ${at + 1} is ${JSON.stringify(row.slice(0, 80))}`,
        fix: `Expected a patient, a file, a class (${Object.keys(FINDINGS).join(', ')}) and perhaps a source, with spaces between them.`,
      });
    }
    const cells: Readonly<Record<string, string | undefined>> = { patient, file, class: finding };
    return [{ table, line: at + 1, cell: (column) => cells[column] ?? '' }];
  });
}
