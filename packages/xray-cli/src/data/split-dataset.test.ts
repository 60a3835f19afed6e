import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList, NORMAL_BACTERIAL_VIRAL, type Sample, type Split } from 'xray-core';
import { PatientOverlapError, SplitMismatchError, type Splits, splitByPatient } from 'xray-dataset';
import { saveSplit } from 'xray-dataset/node';
import { assignListed, checkSides, type SplitDatasetOptions, splitDataset } from './split-dataset.js';
import { parseFold } from './split-options.js';

/** Forty patients with two images each, half of them ill. */
const samples: Sample[] = Array.from({ length: 80 }, (_, index) => ({
  id: `images/${String(index >> 1).padStart(2, '0')}_${index % 2}.png`,
  source: '',
  finding: index % 4 < 2 ? 'normal' : 'pneumonia',
  patientId: `${index >> 1}`,
}));
const flags: SplitDatasetOptions = {
  seed: 7,
  asPublished: false,
  ownSides: false,
  validationShare: 0.2,
  testShare: 0.15,
  onSharedPatients: 'drop',
};
const drawn = { classList, keepsSides: false };
const ids = (some: readonly Sample[]) => some.map(({ id }) => id);
const sizes = (splits: Splits) =>
  (['train', 'validation', 'test'] as const).map((side) => splits[side].length);
const onSide = (side: Split, from: number, to: number) =>
  samples.map((sample, index) => (index >= from && index < to ? { ...sample, split: side } : sample));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-split-'));
});
afterAll(() => rm(folder, { recursive: true }));
const list = async (name: string, from: number, to: number) => {
  const file = join(folder, name);
  await writeFile(
    file,
    samples
      .slice(from, to)
      .map(({ id }) => id.slice('images/'.length))
      .join('\r\n'),
  );
  return file;
};

describe('splitDataset', () => {
  it('carves a test side of any share, then validation of any share', async () => {
    const { splits, isTestCarved } = await splitDataset(
      samples,
      { ...flags, testShare: 0.3, validationShare: 0.5 },
      drawn,
    );
    expect(isTestCarved).toBe(true);
    expect(sizes(splits)).toEqual([28, 28, 24]);
  });

  it('keeps the test side the data has', async () => {
    const { splits, isTestCarved } = await splitDataset(onSide('test', 0, 20), flags, drawn);
    expect(isTestCarved).toBe(false);
    expect(ids(splits.test)).toEqual(ids(samples.slice(0, 20)));
    expect(sizes(splits)).toEqual([48, 12, 20]);
  });

  it('reads a saved split exactly, whatever the seed', async () => {
    const file = join(folder, 'split.json');
    const saved = splitByPatient(samples, { classList, testShare: 0.25, seed: 3 });
    await saveSplit(file, saved);
    const { splits, isTestCarved } = await splitDataset(
      [...samples].reverse(),
      { ...flags, seed: 99, split: file },
      drawn,
    );
    expect(splits).toEqual(saved);
    expect(isTestCarved).toBe(false);
    await expect(splitDataset(samples.slice(1), { ...flags, split: file }, drawn)).rejects.toThrow(
      SplitMismatchError,
    );
  });

  it('takes an official test list, and draws validation from the rest', async () => {
    const listed = await assignListed(onSide('test', 70, 80), {
      ...flags,
      testList: await list('test.txt', 0, 20),
    });
    const { splits } = await splitDataset(listed, flags, drawn);
    expect(ids(splits.test)).toEqual(ids(samples.slice(0, 20)));
    expect(sizes(splits)).toEqual([48, 12, 20]);
  });

  it('takes an official validation list, with a test list, the own test side or a carved one', async () => {
    const validationList = await list('validation.txt', 20, 40);
    const keeps = { classList, keepsSides: true };
    for (const [own, more] of [
      [samples, { testList: await list('test.txt', 0, 20) }],
      [onSide('test', 0, 20), {}],
    ] as const) {
      const listed = await assignListed(own, { ...flags, ...more, validationList });
      const { splits, isTestCarved } = await splitDataset(listed, flags, keeps);
      expect(ids(splits.test)).toEqual(ids(samples.slice(0, 20)));
      expect(ids(splits.validation)).toEqual(ids(samples.slice(20, 40)));
      expect(ids(splits.train)).toEqual(ids(samples.slice(40)));
      expect(isTestCarved).toBe(false);
    }
    const listed = await assignListed(samples, { ...flags, validationList });
    const { splits, isTestCarved } = await splitDataset(listed, flags, keeps);
    expect(ids(splits.validation)).toEqual(ids(samples.slice(20, 40)));
    expect(isTestCarved).toBe(true);
    expect(splits.test.length).toBeGreaterThan(0);
    expect(splits.train.length + splits.test.length).toBe(60);
  });

  it('refuses lists that put a patient on two sides, if told to', async () => {
    const listed = await assignListed(samples, {
      ...flags,
      testList: await list('odd.txt', 0, 3),
    });
    await expect(splitDataset(listed, { ...flags, onSharedPatients: 'fail' }, drawn)).rejects.toThrow(
      PatientOverlapError,
    );
  });

  it('leaves out what a listed test side shares, in every way to draw the rest', async () => {
    const listed = await assignListed(samples, { ...flags, testList: await list('odd.txt', 0, 3) });
    for (const more of [{}, { fold: '1/4' }, { asPublished: true }]) {
      const { splits } = await splitDataset(listed, { ...flags, ...more }, drawn);
      expect(ids(splits.test)).toEqual(ids(samples.slice(0, 3)));
      expect(splits.sharedPatients).toMatchObject({ policy: 'drop', patientCount: 1 });
      expect(ids(splits.sharedPatients!.dropped)).toEqual([samples[3]!.id]);
      expect([...ids(splits.train), ...ids(splits.validation)].sort()).toEqual(ids(samples.slice(4)));
    }
  });

  it('carves no test side that shares patients with the validation side of the data', async () => {
    const keeps = { classList, keepsSides: true };
    const odd = onSide('validation', 1, 21); // one image of a patient is left over at each end
    const { splits } = await splitDataset(odd, { ...flags, testShare: 0.3 }, keeps);
    const patients = (some: readonly Sample[]) => some.map(({ patientId }) => patientId);
    expect(patients(splits.test).filter((patient) => patients(splits.validation).includes(patient))).toEqual(
      [],
    );
    expect(splits.validation).toHaveLength(20);
    expect(ids(splits.sharedPatients!.dropped)).toEqual([samples[0]!.id, samples[21]!.id]);
  });

  it('makes every image a validation image in one of the folds', async () => {
    const sides = await Promise.all(
      ['1/4', '2/4', '3/4', '4/4'].map(async (fold) => {
        const { splits } = await splitDataset(onSide('test', 0, 20), { ...flags, fold }, drawn);
        expect(ids(splits.test)).toEqual(ids(samples.slice(0, 20)));
        return ids(splits.validation);
      }),
    );
    expect(sides.flat().sort()).toEqual(ids(samples.slice(20)));
  });

  it.each(['0/5', '6/5', '1/1', '1-5', 'x'])('refuses the fold %s', (text) => {
    expect(() => parseFold(text)).toThrow('must be k/n with n from 2 up and k from 1 to n.');
  });

  it('names a list that cannot be read', async () => {
    const missing = { ...flags, testList: join(folder, 'nowhere.txt') };
    await expect(assignListed(samples, missing)).rejects.toThrow(
      /nowhere\.txt: could not be read, expected a/,
    );
  });
});

describe('checkSides', () => {
  const normal = samples.filter(({ finding }) => finding === 'normal');
  const splits = (parts: Partial<Splits>): Splits => ({
    ...{ train: samples, validation: samples, test: samples, method: { name: 'own-sides' } },
    ...parts,
  });

  it('lets through what a threshold can be chosen on', () => {
    checkSides(splits({}), classList, 'youden');
    checkSides(splits({ validation: normal, test: normal }), classList, 'half');
    checkSides(splits({ test: normal }), classList, 'youden'); // AUROC is then undefined, and the report says so
    const viral = normal.map((sample, index) => (index === 0 ? { ...sample, finding: 'viral' } : sample));
    checkSides(splits({ train: viral, validation: viral, test: viral }), NORMAL_BACTERIAL_VIRAL, 'youden');
  });

  it('refuses sides without images, and validation of one kind only', () => {
    expect(() => checkSides(splits({ test: [] }), classList, 'half')).toThrow(
      '`test side` must be one with images. Received: {"train":80,"validation":80,"test":0}.',
    );
    expect(() => checkSides(splits({ validation: normal }), classList, 'youden')).toThrow(
      '`validation side` must be one with normal images and others, so that a threshold can be chosen on it. Received: {"normal":40,"pneumonia":0}.',
    );
    const ill = samples.filter(({ finding }) => finding !== 'normal');
    expect(() => checkSides(splits({ validation: ill }), classList, 'youden')).toThrow('"normal":0');
  });
});
