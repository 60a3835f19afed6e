import { describe, expect, it } from 'vitest';
import { DatasetLayoutError } from '../errors.js';
import { indexFiles } from './index-files.js';

/** `NORMAL/<name>/0.png` and `1.png`, and so on. */
const pathsOf = (names: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(names).flatMap(([classFolder, own]) =>
    own.flatMap((name) => [0, 1].map((image) => `${classFolder}/${name}/${image}.png`)),
  );
const numbered = (word: string, from: number, count: number) =>
  Array.from({ length: count }, (_, index) => `${word}${String(from + index).padStart(3, '0')}`);

describe('folders below class folders', () => {
  it.each([
    ['patient001', { NORMAL: ['patient001n', 'patient002n'], PNEUMONIA: ['patient001p', 'patient002p'] }, 4],
    ['p10000032', { normal: ['p10000032', 'p10000980'], pneumonia: ['p10001217'] }, 3],
    ['00000013', { normal: ['00000013', '00000014'], pneumonia: ['00000020'] }, 3],
    ['Subject 7', { normal: ['Subject 7', 'Subject 12'], pneumonia: ['Subject 3'] }, 3],
    ['names in two classes', { normal: ['p7', 'p12'], pneumonia: ['p12', 'p31'] }, 3],
    ['numbers that start anew', { normal: numbered('p', 1, 4), pneumonia: numbered('p', 1, 3) }, 7],
  ])('are patients where they are called like them: %s', (_, names, count) => {
    const index = indexFiles(pathsOf(names));
    expect(index.hasPatientFolders).toBe(true);
    expect(index.patientCount).toBe(count);
    expect(index.samples.some(({ isPatientUnknown }) => isPatientUnknown)).toBe(false);
  });

  it('are patients below folders of sides and with folders of studies in them, too', () => {
    const paths = ['train/normal/patient1/study1/a.png', 'train/normal/patient2/study1/a.png'];
    const index = indexFiles([
      ...paths,
      'valid/ill/patient3/study1/a.png',
      'valid/ill/patient3/study2/a.png',
    ]);
    expect(index.samples.map(({ patientId }) => patientId)).toEqual([
      ...['patient1', 'patient2', 'patient3', 'patient3'],
    ]);
  });

  it.each([
    ['batches', { normal: ['batch1', 'batch2'], pneumonia: ['batch3', 'batch4'] }],
    ['sizes', { normal: ['224x224', '512x512'], pneumonia: ['224x224', '512x512'] }],
    ['dates', { normal: ['2019-01-03', '2019-01-04'], pneumonia: ['2019-02-01', '2019-02-02'] }],
    ['short numbers', { normal: ['1', '2'], pneumonia: ['1', '2'] }],
    ['words', { normal: ['adults', 'children'], pneumonia: ['adults', 'children'] }],
    ['one folder each', { normal: ['patient1'], pneumonia: ['patient2'] }],
  ])('are not taken for patients: %s', (_, names) => {
    const index = indexFiles(pathsOf(names));
    expect(index.hasPatientFolders).toBe(false);
    expect(index.samples.every(({ isPatientUnknown }) => isPatientUnknown)).toBe(true);
  });

  it('are patients whatever they are called, where that is said', () => {
    const paths = pathsOf({ normal: ['Anna', 'Berta'], pneumonia: ['Carla', 'Anna'] });
    const index = indexFiles(paths, { patientFrom: 'folder' });
    expect(index.samples.map(({ patientId }) => patientId)).toEqual([
      ...['Anna', 'Anna', 'Berta', 'Berta', 'Anna', 'Anna', 'Carla', 'Carla'],
    ]);
    expect(() => indexFiles([...paths, 'normal/0.png'], { patientFrom: 'folder' })).toThrow(
      DatasetLayoutError,
    );
    expect(() => indexFiles([...paths, 'normal/0.png'], { patientFrom: 'folder' })).toThrow(
      /normal\/0\.png lies in no folder below its class folder/,
    );
  });

  it('say nothing where every file is known to be of another patient', () => {
    const index = indexFiles(pathsOf({ normal: ['patient1', 'patient2'] }), { patientFrom: 'file' });
    expect(index.patientCount).toBe(4);
    expect(index.samples[0]).not.toHaveProperty('isPatientUnknown');
  });
});
