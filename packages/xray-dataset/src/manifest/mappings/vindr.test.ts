import { describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList, classListOf } from 'xray-core';
import { indexManifest } from '../index-manifest.js';
import type { ReaderRule } from '../manifest-mapping.js';
import { vindrCxrMapping, vindrPcxrMapping } from './vindr.js';

const CXR_FINDINGS =
  'Aortic enlargement,Atelectasis,Calcification,Cardiomegaly,Clavicle fracture,Consolidation,Edema,Emphysema,Enlarged PA,ILD,Infiltration,Lung Opacity,Lung cavity,Lung cyst,Mediastinal shift,Nodule/Mass,Pleural effusion,Pleural thickening,Pneumothorax,Pulmonary fibrosis,Rib fracture,Other lesion,COPD,Lung tumor,Pneumonia,Tuberculosis';

/** A row of `image_labels_*.csv`, from what is seen. */
const row = (header: string, start: string, ...seen: string[]) =>
  [start, ...header.split(',').map((name) => (seen.includes(name) ? '1' : '0'))].join(',');

describe('vindrCxrMapping', () => {
  const columns = `${CXR_FINDINGS},Other diseases,No finding`;
  const read = (image: string, reader: string, ...seen: string[]) =>
    row(columns, `${image},${reader}`, ...seen);
  const train = {
    name: 'image_labels_train.csv',
    text: [
      `image_id,rad_id,${columns}`,
      read('000434271f63a053c4128a0ba6352c7f', 'R3', 'No finding'),
      read('000434271f63a053c4128a0ba6352c7f', 'R2', 'No finding'),
      read('000434271f63a053c4128a0ba6352c7f', 'R6', 'Pneumonia'),
      read('00053190460d56c53cc3e57321387478', 'R11', 'Pneumonia', 'Other diseases'),
      read('00053190460d56c53cc3e57321387478', 'R2', 'Pneumonia', 'Consolidation'),
      read('00053190460d56c53cc3e57321387478', 'R1', 'Pneumonia'),
      read('0005e8e3701dfb1dd93d53e2ff537b6e', 'R10', 'No finding'),
      read('0005e8e3701dfb1dd93d53e2ff537b6e', 'R9', 'Pneumonia'),
      read('0005e8e3701dfb1dd93d53e2ff537b6e', 'R8', 'Consolidation'),
    ].join('\n'),
  };
  const testColumns = `${CXR_FINDINGS},Other disease,No finding`;
  const test = {
    name: 'image_labels_test.csv',
    text: `image_id,${testColumns}\n${row(testColumns, '002a34c58c5b758217ed1f584ccbcfe9', 'No finding')}`,
  };
  const files = [
    'train/000434271f63a053c4128a0ba6352c7f.dicom',
    'train/00053190460d56c53cc3e57321387478.dicom',
    'train/0005e8e3701dfb1dd93d53e2ff537b6e.dicom',
    'test/002a34c58c5b758217ed1f584ccbcfe9.dicom',
  ];
  const index = (readers?: ReaderRule) =>
    indexManifest([train, test], {
      mapping: vindrCxrMapping({ readers }),
      classList,
      files,
      onUnknownFinding: 'skip',
    });

  it.each([
    [undefined, ['normal', 'pneumonia'], ['readers-disagree']],
    ['majority', ['normal', 'pneumonia'], ['readers-disagree']],
    ['any', ['pneumonia', 'pneumonia', 'pneumonia'], []],
    ['all', ['pneumonia'], ['readers-disagree', 'readers-disagree']],
  ] as const)('combines readers: %s', (rule, findings, reasons) => {
    const { samples, skipped } = index(rule);
    expect(samples.filter(({ split }) => split === 'train').map(({ finding }) => finding)).toEqual(findings);
    expect(skipped.map(({ reason }) => reason)).toEqual(reasons);
  });

  it('takes sides from the tables, and knows no patients', () => {
    const { samples } = index();
    expect(samples.map(({ split }) => split)).toEqual(['test', 'train', 'train']);
    expect(samples.every(({ isPatientUnknown }) => isPatientUnknown)).toBe(true);
    const all = indexManifest([train, test], { mapping: vindrCxrMapping({ readers: 'any' }), files });
    expect(all.samples.map(({ finding }) => finding)).toEqual([
      ...['normal', 'pneumonia', 'pneumonia|other disease|consolidation', 'pneumonia|consolidation'],
    ]);
  });

  it('reads the boxes of the challenge, of which a reader gave several', () => {
    const boxes = `image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max
50a418190bc3fb1ef1633bf9678929b3,No finding,14,R11,,,,
50a418190bc3fb1ef1633bf9678929b3,No finding,14,R15,,,,
50a418190bc3fb1ef1633bf9678929b3,No finding,14,R16,,,,
9a5094b2563a1ef3ff50dc5c7ff71345,Cardiomegaly,3,R10,691.0,1375.0,1653.0,1831.0
9a5094b2563a1ef3ff50dc5c7ff71345,Aortic enlargement,0,R10,1052.0,715.0,1299.0,966.0
9a5094b2563a1ef3ff50dc5c7ff71345,Cardiomegaly,3,R9,691.0,1375.0,1653.0,1831.0
9a5094b2563a1ef3ff50dc5c7ff71345,No finding,14,R8,,,,
`;
    const { samples } = indexManifest([{ name: 'train.csv', text: boxes }], {
      mapping: vindrCxrMapping(),
      classList: classListOf(['normal', 'cardiomegaly']),
      files: ['train/50a418190bc3fb1ef1633bf9678929b3.dicom', 'train/9a5094b2563a1ef3ff50dc5c7ff71345.dicom'],
    });
    expect(samples.map(({ finding }) => finding)).toEqual(['normal', 'cardiomegaly']);
  });
});

describe('vindrPcxrMapping', () => {
  const columns =
    'No finding,Bronchitis,Brocho-pneumonia,Other disease,Bronchiolitis,Situs inversus,Pneumonia,Pleuro-pneumonia,Diagphramatic hernia,Tuberculosis,Congenital emphysema,CPAM,Hyaline membrane disease,Mediastinal tumor,Lung tumor';
  const table = (name: string, ...rows: string[]) => ({
    name,
    text: [`image_id,rad_ID,${columns}`, ...rows].join('\n'),
  });
  const tables = [
    table(
      'image_labels_train.csv',
      row(columns, '5a0d4b8e1e2f4f8d9d1c0a5b7e6f3c2d,R1', 'No finding').replaceAll(
        /,([01])(?=,|$)/g,
        ',$1.0',
      ),
      row(columns, '6b1e5c9f2f3a5a9e0e2d1b6c8f7a4d3e,R3', 'Pneumonia', 'Brocho-pneumonia'),
    ),
    table('image_labels_test.csv', row(columns, '7c2f6d0a3a4b6b0f1f3e2c7d9a8b5e4f,R2', 'Bronchitis')),
  ];
  const files = [
    'train/5a0d4b8e1e2f4f8d9d1c0a5b7e6f3c2d.dicom',
    'train/6b1e5c9f2f3a5a9e0e2d1b6c8f7a4d3e.dicom',
    'test/7c2f6d0a3a4b6b0f1f3e2c7d9a8b5e4f.dicom',
  ];

  it('reads a column per finding', () => {
    const { samples, skipped } = indexManifest(tables, {
      mapping: vindrPcxrMapping(),
      classList,
      files,
      onUnknownFinding: 'skip',
    });
    expect(samples.map(({ finding, split, isPatientUnknown }) => [finding, split, isPatientUnknown])).toEqual(
      [
        ['normal', 'train', true],
        ['pneumonia', 'train', true],
      ],
    );
    expect(skipped).toMatchObject([{ table: 'image_labels_test.csv', line: 2, reason: 'unknown-finding' }]);
    const classes = {
      names: ['normal', 'airways'],
      findings: { normal: 'normal', bronchitis: 'airways', 'brocho-pneumonia': 'airways' },
    };
    const wide = indexManifest(tables, { mapping: vindrPcxrMapping(), classList: classes, files });
    expect(wide.findings).toEqual({ normal: 1, 'brocho-pneumonia': 1, bronchitis: 1 });
  });
});
