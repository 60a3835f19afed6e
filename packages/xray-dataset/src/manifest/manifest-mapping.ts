import type { Split } from 'xray-core';
import type { ManifestRow } from './read-table.js';

/** What a row says about its image. */
export interface ManifestEntry {
  /** Path or end of the path of the image file; without an extension, the file's name without its own. */
  readonly image: string;
  /** Everything the image shows; which of it counts is up to the class list. */
  readonly findings: readonly string[];
  /** Findings that may or may not be there. */
  readonly uncertain?: readonly string[];
  /** Whose image it is; without it, the image counts as a patient of its own. */
  readonly patientId?: string;
  /** For example `PA`, `AP` or `lateral`. */
  readonly view?: string;
  readonly split?: Split;
}

/** How a table becomes samples. Ready ones: `nihMapping`, `rsnaMapping`, `chexpertMapping`; others by `columnMapping`. */
export interface ManifestMapping {
  /** Columns that must be there; of a list, one of them. */
  readonly columns: readonly (string | readonly string[])[];
  /** Whether several rows may tell of one image; they must agree. */
  readonly hasSeveralRowsPerImage?: boolean;
  /** What to do about uncertain findings. @default 'exclude' */
  readonly uncertain?: UncertainPolicy;
  /** What the row says about its image. */
  read(row: ManifestRow): ManifestEntry;
}

/** Uncertain findings count as there, as not there, or keep their image out where they matter to the class list. */
export type UncertainPolicy = 'positive' | 'negative' | 'exclude';

/** Columns of a table, for `columnMapping`. */
export interface ColumnMappingOptions {
  /** Column with the image's path or name. */
  image: string;
  /** Column with the finding or findings. */
  finding: string;
  /** What separates several findings in a cell, for example `'|'`. @default undefined (one finding) */
  separator?: string;
  /** Finding of a cell's text, for example `{ 0: 'normal', 1: 'pneumonia' }`. @default the text in lower case */
  findings?: Readonly<Record<string, string>>;
  /** Column that says whose image it is. @default undefined (every image is a patient of its own) */
  patientId?: string;
  /** Column with the view. @default undefined */
  view?: string;
}

/**
 * Mapping for any table, by the names of its columns.
 *
 * @example
 * const mapping = columnMapping({ image: 'file', finding: 'label', patientId: 'subject' });
 */
export function columnMapping(options: ColumnMappingOptions): ManifestMapping {
  const { image, finding, separator, findings = {}, patientId, view } = options;
  return {
    columns: [image, finding, ...(patientId ? [patientId] : []), ...(view ? [view] : [])],
    read(row) {
      const text = row.cell(finding);
      const names = separator === undefined ? [text] : text.split(separator);
      const named = names.map((name) => name.trim()).filter((name) => name !== '');
      return {
        image: row.cell(image),
        findings: named.map((name) => (Object.hasOwn(findings, name) ? findings[name]! : name.toLowerCase())),
        ...(patientId ? { patientId: row.cell(patientId) } : {}),
        ...(view ? { view: row.cell(view) } : {}),
      };
    },
  };
}

/**
 * NIH ChestX-ray14, `Data_Entry_2017.csv`. `No Finding` becomes `normal`, all others their name in lower case.
 *
 * @see Wang et al., CVPR 2017, doi:10.1109/CVPR.2017.369
 */
export function nihMapping(): ManifestMapping {
  return columnMapping({
    image: 'Image Index',
    finding: 'Finding Labels',
    separator: '|',
    findings: { 'No Finding': 'normal' },
    patientId: 'Patient ID',
    view: 'View Position',
  });
}

const RSNA_CLASSES: Readonly<Record<string, string>> = {
  Normal: 'normal',
  'Lung Opacity': 'pneumonia',
  'No Lung Opacity / Not Normal': 'no lung opacity / not normal',
};

/**
 * RSNA Pneumonia Detection Challenge, several rows per image: `stage_2_train_labels.csv`, where a `Target` of 0 becomes
 * `normal` although it also covers other diseases, or `stage_2_detailed_class_info.csv`, which tells these apart as
 * `no lung opacity / not normal`. The set's patient number is its image's.
 *
 * @see Shih et al., Radiology: AI 2019, doi:10.1148/ryai.2019180041
 */
export function rsnaMapping(): ManifestMapping {
  return {
    columns: ['patientId', ['class', 'Target']],
    hasSeveralRowsPerImage: true,
    read(row) {
      const name = row.cell('class');
      const finding = name
        ? (RSNA_CLASSES[name] ?? name.toLowerCase())
        : ({ '0': 'normal', '1': 'pneumonia' }[row.cell('Target')] ?? row.cell('Target'));
      const patientId = row.cell('patientId');
      return { image: patientId, findings: [finding], patientId };
    },
  };
}

const CHEXPERT_FINDINGS = [
  'No Finding',
  'Enlarged Cardiomediastinum',
  'Cardiomegaly',
  'Lung Opacity',
  'Lung Lesion',
  'Edema',
  'Consolidation',
  'Pneumonia',
  'Atelectasis',
  'Pneumothorax',
  'Pleural Effusion',
  'Pleural Other',
  'Fracture',
  'Support Devices',
];

/**
 * CheXpert, `train.csv` and `valid.csv`: patient and side from the path, `No Finding` as `normal`, all others by their
 * name in lower case; 1 is there, 0 and blank are not, -1 is uncertain.
 *
 * @param options.uncertain - What to do about uncertain findings; the results depend on it, so there is no default.
 * @see Irvin et al., AAAI 2019, arXiv:1901.07031
 */
export function chexpertMapping(options: { uncertain: UncertainPolicy }): ManifestMapping {
  return {
    columns: ['Path', 'Frontal/Lateral', 'AP/PA', 'No Finding', 'Pneumonia'],
    uncertain: options.uncertain,
    read(row) {
      const image = row.cell('Path');
      const withValue = (value: number) =>
        CHEXPERT_FINDINGS.filter((name) => row.cell(name) !== '' && Number(row.cell(name)) === value).map(
          (name) => (name === 'No Finding' ? 'normal' : name.toLowerCase()),
        );
      const side = /(?:^|\/)(train|valid|test)\//.exec(image)?.[1];
      return {
        image,
        findings: withValue(1),
        uncertain: withValue(-1),
        patientId: /(?:^|\/)(patient\d+)\//.exec(image)?.[1] ?? '',
        view: row.cell('Frontal/Lateral') === 'Lateral' ? 'lateral' : row.cell('AP/PA'),
        ...(side === undefined
          ? {}
          : { split: side === 'valid' ? 'validation' : (side as 'train' | 'test') }),
      };
    },
  };
}
