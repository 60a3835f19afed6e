import { describe, expect, it } from 'vitest';
import type { Sample } from 'xray-core';
import { indexFiles } from './index-files.js';

const patients = (samples: readonly Sample[]) => new Set(samples.map(({ patientId }) => patientId)).size;
const areUnknown = (samples: readonly Sample[]) => samples.every(({ isPatientUnknown }) => isPatientUnknown);
/** Reasons and how often they occur. */
const reasons = (index: ReturnType<typeof indexFiles>) =>
  Object.fromEntries(
    [...new Set(index.leftOut.map(({ reason }) => reason))].map((reason) => [
      reason,
      index.leftOut.filter((file) => file.reason === reason).length,
    ]),
  );

/** As in the archive: `val` too, system files and, below `chest_xray/chest_xray`, all of it again. */
const KAGGLE = [
  'test/NORMAL/IM-0001-0001.jpeg',
  'test/PNEUMONIA/person1_virus_6.jpeg',
  'train/.DS_Store',
  'train/NORMAL/IM-0115-0001.jpeg',
  'train/NORMAL/NORMAL2-IM-1438-0001.jpeg',
  'train/PNEUMONIA/.DS_Store',
  'train/PNEUMONIA/person1000_bacteria_2931.jpeg',
  'train/PNEUMONIA/person1000_virus_1681.jpeg',
  'val/NORMAL/NORMAL2-IM-1427-0001.jpeg',
  'val/PNEUMONIA/person1946_bacteria_4874.jpeg',
];
const ARCHIVE = [
  ...KAGGLE.map((path) => `chest_xray/${path}`),
  ...KAGGLE.map((path) => `chest_xray/chest_xray/${path}`),
  ...KAGGLE.filter((path) => path.endsWith('jpeg')).map(
    (path) => `chest_xray/__MACOSX/chest_xray/${path.replace(/([^/]+)$/, '._$1')}`,
  ),
  'chest_xray/chest_xray/',
  'chest_xray/chest_xray/train/NORMAL/',
  'chest_xray/train/NORMAL/Thumbs.db',
  'chest_xray/train/desktop.ini',
];

describe('the archive of Kaggle', () => {
  const once = indexFiles(KAGGLE);

  it.each([
    ['its parent folder', ARCHIVE],
    ['itself', ARCHIVE.map((path) => path.slice('chest_xray/'.length)).filter((path) => path !== '')],
  ])('gives every image once, from %s', (_, paths) => {
    const index = indexFiles(paths);
    expect(index.findings).toEqual(once.findings);
    expect(index.layout).toBe('kaggle');
    expect(index.samples.map(({ split }) => split)).toEqual(once.samples.map(({ split }) => split));
    expect(index.samples.some(({ id }) => /chest_xray\/chest_xray|^chest_xray\/chest_xray/.test(id))).toBe(
      false,
    );
    expect(reasons(index)).toEqual({ 'second-copy': 8, 'system-file': 14 });
    const [copy] = index.leftOut.filter(({ reason }) => reason === 'second-copy');
    expect(`chest_xray/${copy!.folder}`).toMatch(
      /^chest_xray\/chest_xray|chest_xray\/chest_xray\/chest_xray$/,
    );
  });

  it('is no copy where one image differs, and says where the two are', () => {
    const more = [...ARCHIVE, 'chest_xray/chest_xray/train/NORMAL/IM-9999-0001.jpeg'];
    expect(() => indexFiles(more)).toThrow(
      /several datasets, in chest_xray\/chest_xray, chest_xray\. Found:/,
    );
  });

  it('keeps all images where a folder of sides repeats some of them: which count is not known', () => {
    expect(() => indexFiles(['NORMAL/a.png', 'PNEUMONIA/b.png', 'train/NORMAL/a.png'])).toThrow(
      /mixes two layouts/,
    );
  });
});

describe('the archive of Mendeley', () => {
  const chest = [
    'test/NORMAL/NORMAL-1049278-0001.jpeg',
    'test/PNEUMONIA/VIRUS-1040450-0001.jpeg',
    'train/NORMAL/NORMAL-28501-0001.JPEG',
    'train/PNEUMONIA/BACTERIA-1008087-0001.jpeg',
  ].map((path) => `CellData/chest_xray/${path}`);
  const retina = [
    'test/CNV/CNV-1016042-1.jpeg',
    'test/NORMAL/NORMAL-1038998-1.jpeg',
    'train/DRUSEN/DRUSEN-1001666-1.jpeg',
  ].map((path) => `CellData/OCT/${path}`);

  it('is read as it is, also beside the retinal images, which are left out', () => {
    for (const paths of [
      chest,
      [...chest, ...retina],
      [...chest, ...retina].map((path) => `ZhangLabData/${path}`),
    ]) {
      const index = indexFiles(paths);
      expect(index.layout).toBe('mendeley');
      expect(index.findings).toEqual({ normal: 2, bacterial: 1, viral: 1 });
      expect(index.samples.map(({ split }) => split)).toEqual(['test', 'test', 'train', 'train']);
      expect(reasons(index)).toEqual(paths === chest ? {} : { 'other-dataset': 3 });
    }
  });
});

describe('other public datasets', () => {
  it('reads the COVID-19 Radiography Database without its masks', () => {
    const names = ['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'];
    const paths = names.flatMap((name) => [
      ...[1, 2].flatMap((number) =>
        ['images', 'masks'].map((kind) => `${name}/${kind}/${name}-${number}.png`),
      ),
      `${name}.metadata.xlsx`,
    ]);
    const index = indexFiles(
      [...paths, 'README.md.txt'].map((path) => `COVID-19_Radiography_Dataset/${path}`),
    );
    expect(index.layout).toBe('folders');
    expect(index.findings).toEqual({ covid: 2, lung_opacity: 2, normal: 2, 'viral pneumonia': 2 });
    expect(reasons(index)).toEqual({ mask: 8, 'no-image': 5 });
    expect(index.leftOut.find(({ reason }) => reason === 'mask')!.folder).toBe(
      'COVID-19_Radiography_Dataset/COVID/masks',
    );
    expect(areUnknown(index.samples)).toBe(true);
  });

  it('reads the labels of the sets of Shenzhen and Montgomery from their names', () => {
    const index = indexFiles([
      'ChinaSet_AllFiles/CXR_png/CHNCXR_0001_0.png',
      'ChinaSet_AllFiles/CXR_png/CHNCXR_0662_1.png',
      'ChinaSet_AllFiles/ClinicalReadings/CHNCXR_0001_0.txt',
      'MontgomerySet/CXR_png/MCUCXR_0001_0.png',
      'MontgomerySet/CXR_png/MCUCXR_0104_1.png',
      'MontgomerySet/ManualMask/leftMask/MCUCXR_0001_0.png',
      'MontgomerySet/ManualMask/rightMask/MCUCXR_0001_0.png',
      'masks/CHNCXR_0001_0_mask.png',
    ]);
    expect(index.layout).toBe('tuberculosis');
    expect(index.findings).toEqual({ normal: 2, tuberculosis: 2 });
    expect(index.samples.map(({ patientId }) => patientId)).toEqual([
      ...['chncxr-1', 'chncxr-662', 'mcucxr-1', 'mcucxr-104'],
    ]);
    expect(reasons(index)).toEqual({ mask: 3, 'no-image': 1 });
  });

  it('reads folders as Teachable Machine and Roboflow export them', () => {
    const machine = indexFiles(['Class 1-samples/0.jpg', 'Class 1-samples/1.jpg', 'Class 2-samples/0.jpg']);
    expect(machine.findings).toEqual({ 'class 1-samples': 2, 'class 2-samples': 1 });
    const roboflow = indexFiles([
      ...['train/NORMAL/a.jpg', 'train/PNEUMONIA/b.jpg', 'valid/NORMAL/c.jpg', 'test/PNEUMONIA/d.jpg'],
      'README.roboflow.txt',
    ]);
    expect(roboflow.samples.map(({ split }) => split)).toEqual(['test', 'train', 'train', 'validation']);
  });

  it('reads Training and Testing, also below a folder that is called so, and sides within classes', () => {
    const sides = ['Testing/NORMAL/a.png', 'Training/NORMAL/b.png', 'Training/PNEUMONIA/c.png'];
    for (const outer of ['', 'training/', 'data/Training/']) {
      const { samples, findings } = indexFiles(sides.map((path) => `${outer}${path}`));
      expect(findings).toEqual({ normal: 2, pneumonia: 1 });
      expect(samples.map(({ split }) => split)).toEqual(['test', 'train', 'train']);
    }
    const within = indexFiles([
      'normal/test/a.png',
      'normal/train/b.png',
      'ill/train/c.png',
      'ill/val/d.png',
    ]);
    expect(within.samples.map(({ id, finding, split }) => `${id} ${finding} ${split}`)).toEqual([
      ...['ill/train/c.png ill train', 'ill/val/d.png ill validation'],
      ...['normal/test/a.png normal test', 'normal/train/b.png normal train'],
    ]);
  });

  it('reads sets that people put together of several, with the patients that names tell', () => {
    const { layout, samples } = indexFiles([
      'train/COVID19/COVID-19 (1).jpg',
      'train/COVID19/person9_virus_1.jpeg',
      'train/NORMAL/IM-0115-0001.jpeg',
      'train/NORMAL/NORMAL(1).jpg',
      'train/PNEUMONIA/person1_bacteria_2.jpeg',
    ]);
    expect(layout).toBe('folders');
    expect(
      samples.map(({ finding, patientId, isPatientUnknown }) => [finding, isPatientUnknown ?? patientId]),
    ).toEqual([
      ['covid19', true],
      ['covid19', 'viral-9'],
      ['normal', 'normal-115'],
      ['normal', true],
      ['bacterial', 'bacterial-1'],
    ]);
  });
});

describe('names that differ in their Unicode form only', () => {
  it('are the same finding, and give the same ids on every system', () => {
    const [composed, decomposed] = ['Röntgen'.normalize('NFC'), 'Röntgen'.normalize('NFD')];
    const index = indexFiles([`test/${composed}/a.png`, `train/${decomposed}/b.png`, 'train/normal/c.png']);
    expect(index.findings).toEqual({ [composed.toLowerCase()]: 2, normal: 1 });
    expect(index.samples[1]).toMatchObject({
      ...{ id: `train/${composed}/b.png`, source: `train/${decomposed}/b.png` },
    });
    expect(patients(index.samples)).toBe(3);
  });
});
