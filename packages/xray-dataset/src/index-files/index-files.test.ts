import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from 'xray-core';
import { DatasetLayoutError } from '../errors.js';
import { indexFiles } from './index-files.js';

const KAGGLE = [
  'train/NORMAL/IM-0115-0001.jpeg',
  'train/NORMAL/NORMAL2-IM-0115-0001.jpeg',
  'train/PNEUMONIA/person1_bacteria_2.jpeg',
  'train/PNEUMONIA/person1_virus_6.jpeg',
  'val/NORMAL/NORMAL2-IM-1427-0001.jpeg',
  'test/PNEUMONIA/person447_virus_921_1.jpeg',
];

describe('indexFiles', () => {
  it('counts findings whatever their names', () => {
    const { findings } = indexFiles(['constructor/a.png', 'constructor/b.png', '__proto__/c.png']);
    expect(Object.entries(findings).sort()).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
  });

  it('reads the Kaggle layout', () => {
    const index = indexFiles(KAGGLE);
    expect(index.layout).toBe('kaggle');
    expect(index.findings).toEqual({ normal: 3, bacterial: 1, viral: 2 });
    expect(index.patientCount).toBe(6);
    expect(index.samples).toContainEqual({
      id: 'val/NORMAL/NORMAL2-IM-1427-0001.jpeg',
      source: 'val/NORMAL/NORMAL2-IM-1427-0001.jpeg',
      finding: 'normal',
      patientId: 'normal2-1427',
      split: 'validation',
    });
  });

  it('reads the Mendeley layout', () => {
    const index = indexFiles([
      'train/NORMAL/NORMAL-1049278-0001.jpeg',
      'train/PNEUMONIA/BACTERIA-1008087-0001.jpeg',
      'train/PNEUMONIA/BACTERIA-1008087-0002.jpeg',
      'test/PNEUMONIA/VIRUS-1040450-0001.jpeg',
    ]);
    expect(index.layout).toBe('mendeley');
    expect(index.findings).toEqual({ normal: 1, bacterial: 2, viral: 1 });
    expect(index.patientCount).toBe(3);
    expect(index.samples.map(({ split }) => split)).toEqual(['test', 'train', 'train', 'train']);
  });

  it('takes folder names as findings in any other tree, and every file as a patient of its own', () => {
    const index = indexFiles(['Train/Covid/a.png', 'Train/Normal/a.png', 'VALIDATION/covid/sub/b.TIFF']);
    expect(index.layout).toBe('folders');
    expect(index.samples.map(({ finding, split }) => [finding, split])).toEqual([
      ['covid', 'train'],
      ['normal', 'train'],
      ['covid', 'validation'],
    ]);
    expect(index.patientCount).toBe(3);
  });

  it('asks patientIdOf whose image it is', () => {
    const paths = ['normal/7_1.png', 'normal/7_2.png', 'pneumonia/8_1.png'];
    const patientIdOf = (path: string) => path.split('/').pop()!.split('_')[0]!;
    expect(indexFiles(paths, { patientIdOf }).samples.map(({ patientId }) => patientId)).toEqual([
      '7',
      '7',
      '8',
    ]);
    expect(indexFiles(KAGGLE, { patientIdOf: () => 'one' }).patientCount).toBe(1);
  });

  it('works without the level of train and test, and inside outer folders', () => {
    const bare = indexFiles(['NORMAL/IM-0115-0001.jpeg', 'pneumonia/person1_virus_6.jpeg']);
    expect(bare.layout).toBe('kaggle');
    expect(bare.samples.every((sample) => !('split' in sample))).toBe(true);
    const outer = indexFiles(KAGGLE.map((path) => `data/chest_xray/${path}`));
    expect(outer.findings).toEqual(indexFiles(KAGGLE).findings);
    expect(outer.samples[0]!.split).toBe('test');
  });

  it('keeps patients known when the images were sorted into one folder per finding', () => {
    const index = indexFiles([
      'normal/IM-0115-0001.jpeg',
      'Bacterial/person1_bacteria_2.jpeg',
      'virus/person1_virus_6.jpeg',
    ]);
    expect(index.layout).toBe('kaggle');
    expect(index.findings).toEqual({ normal: 1, bacterial: 1, viral: 1 });
  });

  it('does not depend on the order of the paths', () => {
    expect(indexFiles([...KAGGLE].reverse())).toEqual(indexFiles(KAGGLE));
  });

  it('lists what it leaves out', () => {
    const others = ['train/index.csv', '.DS_Store', '__MACOSX/train/NORMAL/._IM-0115-0001.jpeg'];
    const index = indexFiles([...KAGGLE, ...others, 'train/NORMAL/.DS_Store']);
    expect(index.samples).toHaveLength(KAGGLE.length);
    expect(index.leftOut).toEqual([
      { path: '.DS_Store', reason: 'system-file' },
      { path: '__MACOSX/train/NORMAL/._IM-0115-0001.jpeg', reason: 'system-file' },
      { path: 'train/NORMAL/.DS_Store', reason: 'system-file' },
      { path: 'train/index.csv', reason: 'no-image' },
    ]);
  });

  it.each([
    {
      name: 'no paths',
      paths: [],
      problem: /^chest: holds no images\. Expected one folder per class.*NORMAL and PNEUMONIA/,
    },
    { name: 'no images', paths: ['train/a.pdf'], problem: /^chest: holds no images/ },
    {
      name: 'an image outside class folders',
      paths: [...KAGGLE, 'a.png'],
      problem:
        /^chest: mixes two layouts: test\S+ lies below a split folder, a\.png does not\. Found:\n {2}\.\/a\.png\n {2}test\S+\n {2}train\/NORMAL\/\S+ and 1 more\n {2}and 2 more folders\nExpected/,
    },
    {
      name: 'an image right below train',
      paths: [...KAGGLE, 'train/a.png'],
      problem: /train\/a\.png lies in no class folder/,
    },
    {
      name: 'an empty class folder',
      paths: ['train/NORMAL/IM-0115-0001.jpeg', 'train/PNEUMONIA/'],
      problem: /^chest: its class folder train\/PNEUMONIA holds no images\. Expected/,
    },
    {
      name: 'a class folder with other files only',
      paths: ['normal/a.png', 'pneumonia/b.txt'],
      problem:
        /class folder pneumonia holds no images\. Found:\n {2}pneumonia\/b\.txt\n.*Remove the folder if it is no class/,
    },
    {
      name: 'two names of the same images',
      paths: [...KAGGLE, 'train/NORMAL/NORMAL-1049278-0001.jpeg'],
      problem:
        /mixes two layouts: .* is named as in the kaggle layout, train\/NORMAL\/NORMAL-1049278-0001\.jpeg as in the mendeley layout\. .*keep one/,
    },
    {
      name: 'images of a type that cannot be read only',
      paths: ['NORMAL/0.bmp', 'NORMAL/1.BMP', 'PNEUMONIA/0.gif'],
      problem:
        /^chest: holds no images that can be read, but 3 \.bmp, \.gif files\. Found:\n.*\n.*\nConvert them to png/,
    },
    {
      name: 'a class of a type that cannot be read',
      paths: ['NORMAL/0.png', 'PNEUMONIA/0.bmp'],
      problem:
        /class folder PNEUMONIA holds no images that can be read\. Found:\n {2}PNEUMONIA\/0\.bmp\nConvert/,
    },
    {
      name: 'several datasets',
      paths: [...KAGGLE.map((path) => `a/${path}`), 'b/train/NORMAL/IM-9999-0001.jpeg'],
      problem: /holds several datasets, in a, b\. Found:[\s\S]*Pass the folder of one of them/,
    },
    {
      name: 'class folders beside train',
      paths: [...KAGGLE, 'NORMAL/IM-0115-0001.jpeg'],
      problem: /mixes two layouts: .* lies below a split folder, NORMAL\/IM-0115-0001\.jpeg does not/,
    },
    {
      name: 'a name that contradicts its folder',
      paths: ['NORMAL/person1_virus_6.jpeg'],
      problem:
        /NORMAL\/person1_virus_6\.jpeg is viral by its name but lies in NORMAL\. Expected it in a folder named pneumonia, virus, viral, viral pneumonia/,
    },
  ])('says what is wrong with $name', ({ paths, problem }) => {
    expect(() => indexFiles(paths, { folder: 'chest' })).toThrow(problem);
    expect(() => indexFiles(paths, { folder: 'chest' })).toThrow(DatasetLayoutError);
  });

  it('refuses a path listed twice', () => {
    expect(() => indexFiles([...KAGGLE, KAGGLE[0]!])).toThrow(InvalidArgumentError);
  });
});
