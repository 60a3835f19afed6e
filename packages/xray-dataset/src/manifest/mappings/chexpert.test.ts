import { describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { indexManifest } from '../index-manifest.js';
import { chexpertMapping } from './chexpert.js';

const LABELS =
  'No Finding,Enlarged Cardiomediastinum,Cardiomegaly,Lung Opacity,Lung Lesion,Edema,Consolidation,Pneumonia,Atelectasis,Pneumothorax,Pleural Effusion,Pleural Other,Fracture,Support Devices';
const HEADER = `Path,Sex,Age,Frontal/Lateral,AP/PA,${LABELS}`;

/** Of `train.csv` and `valid.csv` of the full set; the small one has `-small` in the first folder. */
const TRAIN = `${HEADER}
CheXpert-v1.0/train/patient00001/study1/view1_frontal.jpg,Female,68,Frontal,AP,1.0,,,,,,,,,0.0,,,,1.0
CheXpert-v1.0/train/patient00002/study2/view1_frontal.jpg,Female,87,Frontal,AP,,,-1.0,1.0,,-1.0,-1.0,1.0,-1.0,,-1.0,,1.0,
CheXpert-v1.0/train/patient00002/study1/view2_lateral.jpg,Female,83,Lateral,,,,,1.0,,,-1.0,-1.0,,,,,1.0,
`;
const VALID = `${HEADER}
CheXpert-v1.0/valid/patient64541/study1/view1_frontal.jpg,Male,73,Frontal,AP,0.0,1.0,0.0,0.0,0.0,0.0,0.0,1.0,0.0,0.0,0.0,0.0,0.0,0.0
`;
/** The test table has neither views nor sex and age. */
const TEST = `Path,${LABELS}
test/patient64741/study1/view1_frontal.jpg,1,0,0,0,0,0,0,0,0,0,0,0,0,0
test/patient64742/study1/view2_lateral.jpg,0,1,1,1,0,0,0,1,0,0,0,0,0,0
`;
const TABLES = [
  { name: 'train.csv', text: TRAIN },
  { name: 'valid.csv', text: VALID },
  { name: 'test_labels.csv', text: TEST },
];

/** As the four zip files unpack. */
const BATCHES = [
  'CheXpert-v1.0 batch 2 (train 1)/patient00001/study1/view1_frontal.jpg',
  'CheXpert-v1.0 batch 2 (train 1)/patient00002/study1/view2_lateral.jpg',
  'CheXpert-v1.0 batch 3 (train 2)/patient00002/study2/view1_frontal.jpg',
  'CheXpert-v1.0 batch 1 (validate & csv)/valid/patient64541/study1/view1_frontal.jpg',
  'CheXpert/test/patient64741/study1/view1_frontal.jpg',
  'CheXpert/test/patient64742/study1/view2_lateral.jpg',
];
const inOneTree = (file: string) =>
  `CheXpert-v1.0/${/valid|test/.exec(file)?.[0] ?? 'train'}/${/patient.*/.exec(file)![0]}`;

describe('chexpertMapping', () => {
  it.each([
    ['its batch folders', BATCHES],
    ['one tree', BATCHES.map(inOneTree)],
    ['one tree, seen from inside', BATCHES.map((file) => inOneTree(file).replace('CheXpert-v1.0/', ''))],
  ])('reads all sides from %s', (_, files) => {
    const index = indexManifest(TABLES, {
      mapping: chexpertMapping({ uncertain: 'negative' }),
      classList,
      files,
      onUnknownFinding: 'skip',
    });
    const facts = index.samples.map(({ patientId, finding, split }) => [patientId, finding, split]);
    expect(facts.sort()).toEqual([
      ['patient00001', 'normal', 'train'], // with a device
      ['patient00002', 'pneumonia', 'train'],
      ['patient64541', 'pneumonia', 'validation'],
      ['patient64741', 'normal', 'test'],
      ['patient64742', 'pneumonia', 'test'],
    ]);
    expect(index.skipped).toEqual([
      {
        image: 'patient00002/study1/view2_lateral.jpg',
        table: 'train.csv',
        line: 4,
        reason: 'unknown-finding',
      },
    ]);
    expect(index.unlisted).toEqual([]);
  });

  it('tells views apart, by the file names where the table has none', () => {
    const views = (wanted: string[]) =>
      indexManifest(TABLES, {
        mapping: chexpertMapping({ uncertain: 'negative' }),
        files: BATCHES,
        views: wanted,
      }).samples.length;
    expect([views(['AP']), views(['lateral']), views(['frontal'])]).toEqual([3, 2, 1]);
  });

  it.each([
    ['positive', { normal: 2, pneumonia: 4 }, []],
    ['negative', { normal: 2, pneumonia: 3 }, ['unknown-finding']],
    ['exclude', { normal: 2, pneumonia: 3 }, ['uncertain']],
  ] as const)('takes uncertain findings as %s', (uncertain, findings, reasons) => {
    const mapping = chexpertMapping({ uncertain });
    const index = indexManifest(TABLES, { mapping, classList, files: BATCHES, onUnknownFinding: 'skip' });
    expect(index.findings).toEqual(findings);
    expect(index.skipped.map(({ reason }) => reason)).toEqual(reasons);
  });

  it('says which cell is no label', () => {
    const bad = { name: 'valid.csv', text: VALID.replace('0.0,1.0,0.0', '0.0,maybe,0.0') };
    const mapping = chexpertMapping({ uncertain: 'exclude' });
    expect(() => indexManifest([bad], { mapping, files: BATCHES })).toThrow(
      'valid.csv: row 2 has "maybe" in the column Enlarged Cardiomediastinum. Expected 1 (there), 0 or blank (not there) or -1 (uncertain).',
    );
  });
});
