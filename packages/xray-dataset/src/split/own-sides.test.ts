import { describe, expect, it } from 'vitest';
import { FileError, InvalidArgumentError, NORMAL_PNEUMONIA, type Sample, type Split } from 'xray-core';
import { PatientOverlapError } from '../errors.js';
import { assignSides, parseIdList, splitByOwnSides } from './own-sides.js';
import { splitByPatient } from './split-samples.js';

/** Ten images in the manner of NIH, two per patient. */
const samples: Sample[] = Array.from({ length: 10 }, (_, index) => ({
  id: `images/0000000${index >> 1}_00${index % 2}.png`,
  source: '',
  finding: index % 4 < 2 ? 'normal' : 'pneumonia',
  patientId: `${index >> 1}`,
}));
const fileNames = samples.map(({ id }) => id.slice('images/'.length));
const ids = (some: readonly Sample[]) => some.map(({ id }) => id);

describe('parseIdList', () => {
  it('reads one id per line, whatever ends the lines', () => {
    expect(parseIdList('00000013_005.png\r\n00000013_026.png\n\n')).toEqual([
      '00000013_005.png',
      '00000013_026.png',
    ]);
  });

  it('refuses an empty list', () => {
    expect(() => parseIdList('\n', 'test_list.txt')).toThrow(
      /test_list\.txt: lists no images, expected one id/,
    );
    expect(() => parseIdList('')).toThrow(FileError);
  });
});

describe('assignSides', () => {
  it('takes ids and file names, and replaces the sides there were', () => {
    const sided = samples.map((sample) => ({ ...sample, split: 'train' as Split }));
    const marked = assignSides(sided, { test: [fileNames[0]!, samples[1]!.id], validation: [fileNames[2]!] });
    expect(marked.map(({ split }) => split)).toEqual([
      'test',
      'test',
      'validation',
      ...Array(7).fill(undefined),
    ]);
    expect(ids(marked)).toEqual(ids(samples));
    expect(marked[3]).toEqual(samples[3]); // without the key
    expect(sided[0]!.split).toBe('train');
  });

  it('leads from an official test list to a whole split', () => {
    const marked = assignSides(samples, { test: fileNames.slice(8) });
    const { train, validation, test } = splitByPatient(marked, {
      classList: NORMAL_PNEUMONIA,
      validationShare: 0.4,
      seed: 7,
    });
    expect(ids(test)).toEqual(ids(samples.slice(8)));
    expect([...ids(train), ...ids(validation)].sort()).toEqual(ids(samples.slice(0, 8)));
    expect(validation.length).toBeGreaterThan(0);
  });

  it.each([
    [
      'names what is missing',
      { test: ['a.png', fileNames[0]!, 'b.png'] },
      /2 that are not, first: a\.png, b\.png/,
    ],
    [
      'names an image on two sides',
      { train: [fileNames[0]!], test: [samples[0]!.id] },
      /listed once\. Received: "images\/00000000_000\.png \(in train and test\)"/,
    ],
    ['names an image listed twice', { test: [fileNames[0]!, fileNames[0]!] }, /\(in test and test\)/],
  ])('%s', (_, lists, message) => {
    expect(() => assignSides(samples, lists)).toThrow(message);
    expect(() => assignSides(samples, lists)).toThrow(InvalidArgumentError);
  });

  it('takes names however their letters are composed', () => {
    const decomposed = { ...samples[0]!, id: 'Cafe\u0301/Mu\u0308ller.png' };
    for (const name of ['Caf\u00e9/M\u00fcller.png', 'M\u00fcller.png', decomposed.id])
      expect(assignSides([decomposed], { test: [name] })[0]!.split).toBe('test');
  });

  it('refuses a file name that two images have', () => {
    const twice = [...samples, { ...samples[0]!, id: `more/${fileNames[0]}` }];
    expect(() => assignSides(twice, { test: [fileNames[0]!] })).toThrow(
      /the name of images\/00000000_000\.png and more\/00000000_000\.png/,
    );
    expect(assignSides(twice, { test: [`more/${fileNames[0]}`] }).at(-1)!.split).toBe('test');
  });
});

describe('splitByOwnSides', () => {
  const lists = { train: fileNames.slice(0, 6), validation: fileNames.slice(6, 8), test: fileNames.slice(8) };

  it('takes the sides as they are', () => {
    const splits = splitByOwnSides([...assignSides(samples, lists)].reverse());
    expect(ids(splits.train)).toEqual(ids(samples.slice(0, 6)));
    expect(ids(splits.validation)).toEqual(ids(samples.slice(6, 8)));
    expect(ids(splits.test)).toEqual(ids(samples.slice(8)));
    expect(splits.method).toEqual({ name: 'own-sides' });
  });

  it('refuses samples without a side, patients on two and nothing to train on', () => {
    const partly = assignSides(samples, { train: fileNames.slice(0, 6) });
    expect(() => splitByOwnSides(partly)).toThrow(/Received: "4 without, first: images\/00000003_000\.png"/);
    const divided = assignSides(samples, { train: fileNames.slice(0, 7), test: fileNames.slice(7) });
    expect(() => splitByOwnSides(divided, { onSharedPatients: 'fail' })).toThrow(PatientOverlapError);
    expect(() => splitByOwnSides(assignSides(samples, { test: fileNames }))).toThrow(/samples to train on/);
  });
});
