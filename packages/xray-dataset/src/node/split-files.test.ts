import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom, FileError, NORMAL_PNEUMONIA, type Sample } from 'xray-core';
import { SplitMismatchError } from '../errors.js';
import { kFoldByPatient } from '../split/k-fold-by-patient.js';
import { splitAtRandom, splitByPatient } from '../split/split-samples.js';
import type { Splits } from '../split/splits.js';
import { loadSplit, saveSplit } from './split-files.js';

const classList = NORMAL_PNEUMONIA;
const samples: Sample[] = Array.from({ length: 60 }, (_, index) => ({
  id: `train/${index}.png`,
  source: `/data/train/${index}.png`,
  finding: (index >> 1) % 3 === 0 ? 'normal' : 'viral',
  patientId: `patient-${index >> 1}`,
}));

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-split-'));
  file = join(folder, 'split.json');
});
afterEach(() => rm(folder, { recursive: true }));

const failure = async (some: readonly Sample[]) => {
  const error = await loadSplit(file, some).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SplitMismatchError);
  return error as SplitMismatchError;
};

describe('saveSplit and loadSplit', () => {
  const bySeed = (seed: number): Splits[] => [
    splitByPatient(samples, { classList, validationShare: 0.3, testShare: 0.2, seed }),
    splitAtRandom(samples, { classList, seed }),
    ...kFoldByPatient(samples, { classList, folds: 3, seed }),
  ];

  it('reproduce every kind of split exactly, whatever the order of the samples', async () => {
    for (const splits of [...bySeed(1), ...bySeed(2)]) {
      await saveSplit(file, splits);
      expect(await loadSplit(file, createRandom(5).shuffle(samples))).toEqual(splits);
    }
  });

  it('write readable JSON with method, seed and fingerprint', async () => {
    await saveSplit(file, bySeed(7)[0]!);
    const saved = JSON.parse(await readFile(file, 'utf8'));
    expect(saved.method).toEqual({ name: 'by-patient', seed: 7, validationShare: 0.3, testShare: 0.2 });
    expect(saved.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect([...saved.sides.train, ...saved.sides.validation, ...saved.sides.test].sort()).toEqual(
      samples.map(({ id }) => id).sort(),
    );
  });

  it('name missing and extra images', async () => {
    await saveSplit(file, bySeed(7)[0]!);
    const others = samples.slice(2).concat({ ...samples[0]!, id: 'train/new.png' });
    const error = await failure(others);
    expect([...error.missing].sort()).toEqual(['train/0.png', 'train/1.png']);
    expect(error.extra).toEqual(['train/new.png']);
    expect(error.code).toBe('split-mismatch');
    expect(error.message).toMatch(
      /split\.json: the split was made for other images: 2 of its images are not there \(train\/\d\.png, train\/\d\.png\), and 1 images are not in it \(train\/new\.png\)\. Use it with the dataset/,
    );
  });

  it('notice changed findings and patients', async () => {
    await saveSplit(file, bySeed(7)[0]!);
    for (const change of [{ finding: 'normal' }, { patientId: 'somebody else' }]) {
      const changed = samples.map((sample, index) => (index === 2 ? { ...sample, ...change } : sample));
      const error = await failure(changed);
      expect(error.message).toMatch(/the ids are the same, but findings or patients differ/);
    }
    const moved = samples.map((sample) => ({ ...sample, source: `/elsewhere/${sample.id}` }));
    await expect(loadSplit(file, moved)).resolves.toBeDefined();
  });

  it('refuse files that are missing, damaged or of another version', async () => {
    await expect(loadSplit(file, samples)).rejects.toThrow(
      /split\.json: does not exist, expected a saved split/,
    );
    await saveSplit(file, bySeed(7)[0]!);
    const text = await readFile(file, 'utf8');
    const twice = JSON.parse(text);
    twice.sides.test.push(twice.sides.train[0]);
    for (const damaged of [
      text.slice(0, -50),
      '{}',
      'null',
      text.replace('"train": [', '"other": ['),
      JSON.stringify(twice),
    ]) {
      await writeFile(file, damaged);
      await expect(loadSplit(file, samples)).rejects.toThrow(
        /is no split file, or a damaged one\. Make a new split/,
      );
      await expect(loadSplit(file, samples)).rejects.toThrow(FileError);
    }
    await writeFile(file, text.replace('"version": 1', '"version": 2'));
    await expect(loadSplit(file, samples)).rejects.toThrow(
      /is a split file of version 2, expected version 1/,
    );
  });
});
