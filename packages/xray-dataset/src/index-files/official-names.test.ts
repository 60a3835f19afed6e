import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NORMAL_BACTERIAL_VIRAL as classList, type Sample } from 'xray-core';
import { realData } from '../__fixtures__/real-data.js';
import { splitByOwnSides } from '../split/own-sides.js';
import { indexFiles } from './index-files.js';

const { folder, isMissing } = realData('kaggle_file_names.txt');

describe.skipIf(isMissing)('the 5,840 names of the official train and test sides', () => {
  const index = indexFiles(readFileSync(folder, 'utf8').trim().split(/\r?\n/));
  const { train, validation, test, ...rest } = splitByOwnSides(index.samples);
  const perClass = (samples: readonly Sample[]) =>
    classList.names.map((finding) => {
      const own = samples.filter((sample) => sample.finding === finding);
      return [own.length, new Set(own.map(({ patientId }) => patientId)).size];
    });

  it('say what the published numbers of images are, and how many patients', () => {
    expect(index.layout).toBe('kaggle');
    // Patients counted from the names with a separate script: distinct IM-n, NORMAL2-IM-n, person<n>_bacteria, person<n>_virus.
    expect(perClass(train)).toEqual([
      [1341, 1211],
      [2530, 1353],
      [1345, 1090],
    ]);
    expect(perClass(test)).toEqual([
      [234, 225],
      [242, 77],
      [148, 126],
    ]);
    expect(validation).toEqual([]);
    expect(index.patientCount).toBe(4082);
  });

  it('put no patient on both sides', () => {
    expect(rest).toEqual({ method: { name: 'own-sides' } });
  });
});
