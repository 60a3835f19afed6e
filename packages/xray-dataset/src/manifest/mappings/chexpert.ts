import { findingColumns } from '../cell-values.js';
import type { ManifestMapping, UncertainPolicy } from '../manifest-mapping.js';

/** @internal Findings of the CheXpert labeler, by column. */
export const CHEXPERT_COLUMNS: Readonly<Record<string, string>> = {
  'No Finding': 'normal',
  'Enlarged Cardiomediastinum': 'enlarged cardiomediastinum',
  Cardiomegaly: 'cardiomegaly',
  'Lung Opacity': 'lung opacity',
  'Lung Lesion': 'lung lesion',
  Edema: 'edema',
  Consolidation: 'consolidation',
  Pneumonia: 'pneumonia',
  Atelectasis: 'atelectasis',
  Pneumothorax: 'pneumothorax',
  'Pleural Effusion': 'pleural effusion',
  'Pleural Other': 'pleural other',
  Fracture: 'fracture',
  'Support Devices': 'support devices',
};

const readFindings = findingColumns(CHEXPERT_COLUMNS);

/** @internal What its `No Finding` says nothing about. */
export const CHEXPERT_BESIDE_NORMAL = ['support devices'];

/**
 * CheXpert: `train.csv`, `valid.csv` and the test table (`test_labels.csv`), together or alone. Patient and side come from
 * the path, `No Finding` is `normal`, all others are their name in lower case; 1 is there, 0 and blank are not, -1 is
 * uncertain. Files are found by patient, study and view, so that the full set, the small one and its batch folders
 * (`CheXpert-v1.0 batch 2 (train 1)`) are read as they are downloaded. The test table has no views: those are `lateral` or
 * `frontal` there, as the names say.
 *
 * @param options.uncertain - What to do about uncertain findings; the results depend on it, so there is no default.
 * @see Irvin et al., AAAI 2019, arXiv:1901.07031; doi:10.71718/y7pj-4v93 (the batches and the test side)
 */
export function chexpertMapping(options: { uncertain: UncertainPolicy }): ManifestMapping {
  return {
    columns: ['Path', 'Pneumonia'],
    uncertain: options.uncertain,
    besideNormal: CHEXPERT_BESIDE_NORMAL,
    read(row) {
      const path = row.cell('Path');
      const [image, patientId] = /(?:^|\/)((patient\d+)\/.+)$/.exec(path)?.slice(1) ?? [path, ''];
      const side = /(?:^|\/)(train|valid|test)\//.exec(path)?.[1];
      const direction = row.cell('Frontal/Lateral') || (/_(frontal|lateral)\.\w+$/i.exec(path)?.[1] ?? '');
      return {
        image: image!,
        ...readFindings(row),
        patientId,
        view: /^lateral$/i.test(direction) ? 'lateral' : row.cell('AP/PA') || direction.toLowerCase(),
        ...(side === undefined
          ? {}
          : { split: side === 'valid' ? 'validation' : (side as 'train' | 'test') }),
      };
    },
  };
}
