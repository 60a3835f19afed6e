import type { Split } from 'xray-core';
import { findingColumns, findingNamed } from '../cell-values.js';
import type { ManifestMapping, ReaderRule } from '../manifest-mapping.js';
import type { ManifestRow } from '../read-table.js';

const CXR_FINDINGS = [
  ...[
    'Aortic enlargement',
    'Atelectasis',
    'Calcification',
    'Cardiomegaly',
    'Clavicle fracture',
    'Consolidation',
  ],
  ...['Edema', 'Emphysema', 'Enlarged PA', 'ILD', 'Infiltration', 'Lung Opacity', 'Lung cavity', 'Lung cyst'],
  ...['Mediastinal shift', 'Nodule/Mass', 'Pleural effusion', 'Pleural thickening', 'Pneumothorax'],
  ...[
    'Pulmonary fibrosis',
    'Rib fracture',
    'Other lesion',
    'COPD',
    'Lung tumor',
    'Pneumonia',
    'Tuberculosis',
  ],
  ...['No finding'],
];

const PCXR_FINDINGS = [
  ...[
    'No finding',
    'Bronchitis',
    'Brocho-pneumonia',
    'Other disease',
    'Bronchiolitis',
    'Situs inversus',
    'Pneumonia',
  ],
  ...['Pleuro-pneumonia', 'Diagphramatic hernia', 'Tuberculosis', 'Congenital emphysema', 'CPAM'],
  ...['Hyaline membrane disease', 'Mediastinal tumor', 'Lung tumor'],
];

const readCxr = findingColumns({
  ...columnsOf(CXR_FINDINGS),
  'Other diseases': 'other disease', // in the table of the train side
  'Other disease': 'other disease', // in that of the test side
});

const readPcxr = findingColumns(columnsOf(PCXR_FINDINGS));

/**
 * VinDr-CXR, `image_labels_train.csv` (three readers per image, a row each) and `image_labels_test.csv` (a row per image, on
 * which five agreed), or `train.csv` of the VinBigData challenge (a row per box). `No finding` is `normal`, all others are
 * their name in lower case. The side is in the table's name. Nothing tells patients apart.
 *
 * @param options.readers - How readers are combined. @default 'majority'
 * @see Nguyen et al., Scientific Data 2022, doi:10.1038/s41597-022-01498-w
 */
export function vindrCxrMapping(options: { readers?: ReaderRule | undefined } = {}): ManifestMapping {
  const { readers = 'majority' } = options;
  return {
    columns: ['image_id', ['No finding', 'class_name']],
    readers,
    hasNoPatients: true,
    read(row) {
      const name = row.cell('class_name');
      return {
        image: row.cell('image_id'),
        ...(name === '' ? readCxr(row) : { findings: [findingNamed(name)] }),
        reader: row.cell('rad_id') || row.cell('rad_ID'),
        split: sideOf(row),
      };
    },
  };
}

/**
 * VinDr-PCXR, children under ten: `image_labels_train.csv` and `image_labels_test.csv`, a column per finding and a row per
 * image. `No finding` is `normal`, all others are their name in lower case, with the spelling of the table
 * (`brocho-pneumonia`). The side is in the table's name. Nothing tells patients apart.
 *
 * @see Pham et al., Scientific Data 2023, doi:10.1038/s41597-023-02102-5; doi:10.13026/k8qc-na36
 */
export function vindrPcxrMapping(): ManifestMapping {
  return {
    columns: ['image_id', 'No finding', 'Pneumonia', 'Bronchiolitis'],
    hasNoPatients: true,
    read: (row) => ({
      image: row.cell('image_id'),
      ...readPcxr(row),
      split: sideOf(row),
    }),
  };
}

function columnsOf(findings: readonly string[]): Record<string, string> {
  return Object.fromEntries(findings.map((column) => [column, findingNamed(column)]));
}

function sideOf({ table }: ManifestRow): Split | undefined {
  return /(?:^|[_/\\])(train|test)\.csv/i.exec(table)?.[1]?.toLowerCase() as 'train' | 'test' | undefined;
}
