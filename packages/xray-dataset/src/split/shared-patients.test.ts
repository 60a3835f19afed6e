import { describe, expect, it } from 'vitest';
import { NORMAL_PNEUMONIA as classList, InvalidArgumentError, type Sample, type Split } from 'xray-core';
import { PatientOverlapError } from '../errors.js';
import { kFoldByPatient } from './k-fold-by-patient.js';
import { splitByOwnSides } from './own-sides.js';
import { formatSplit, parseSplit } from './split-file.js';
import { splitAtRandom, splitByPatient } from './split-samples.js';
import type { Splits } from './splits.js';

/** Ten patients of each finding with an image on each of some sides. */
function samplesOn(sidesOf: (patient: number) => readonly Split[]): Sample[] {
  return Array.from({ length: 20 }, (_, patient) =>
    sidesOf(patient).map((split) => ({
      id: `${split}/${patient}`,
      source: '',
      finding: patient % 2 === 0 ? 'normal' : 'viral',
      patientId: `patient ${patient}`,
      split,
    })),
  ).flat();
}

const ids = (samples: readonly Sample[]) => samples.map(({ id }) => id).sort();
const patientsOf = (samples: readonly Sample[]) => new Set(samples.map(({ patientId }) => patientId));
const shared = (one: readonly Sample[], other: readonly Sample[]) =>
  [...patientsOf(one)].filter((patient) => patientsOf(other).has(patient));

/** Patients 0 to 3 are on both sides. */
const both = samplesOn((patient) =>
  patient < 4 ? ['train', 'test'] : patient < 8 ? ['test'] : ['train', 'validation'],
);
const WAYS: [string, (onSharedPatients?: 'fail' | 'drop' | 'keep') => Splits][] = [
  ['splitByPatient', (policy) => splitByPatient(both, { classList, seed: 7, onSharedPatients: policy })],
  ['splitAtRandom', (policy) => splitAtRandom(both, { classList, seed: 7, onSharedPatients: policy })],
  [
    'kFoldByPatient',
    (policy) => kFoldByPatient(both, { classList, folds: 3, seed: 7, onSharedPatients: policy })[1]!,
  ],
];

describe.each(WAYS)('%s with a test side that shares patients', (_, split) => {
  it('leaves out their other images, and says which', () => {
    const { train, validation, test, sharedPatients } = split();
    expect(ids(test)).toEqual(ids(both.filter((sample) => sample.split === 'test')));
    expect(shared([...train, ...validation], test)).toEqual([]);
    expect(sharedPatients).toMatchObject({ policy: 'drop', patientCount: 4 });
    expect(ids(sharedPatients!.dropped)).toEqual(['train/0', 'train/1', 'train/2', 'train/3']);
    expect(train.length + validation.length + test.length + 4).toBe(both.length);
  });

  it('throws or keeps all where that is asked for', () => {
    expect(() => split('fail')).toThrow(PatientOverlapError);
    const { train, validation, test, sharedPatients } = split('keep');
    expect(shared([...train, ...validation], test)).toHaveLength(4);
    expect(sharedPatients).toEqual({ policy: 'keep', patientCount: 4, dropped: [] });
    expect(() => split('ignore' as 'keep')).toThrow(InvalidArgumentError);
  });
});

describe('splitByOwnSides with patients on several sides', () => {
  const sided = samplesOn((patient) =>
    patient === 0
      ? ['train', 'validation', 'test']
      : patient === 1
        ? ['train', 'validation']
        : patient === 2
          ? ['validation', 'test']
          : [(['train', 'validation', 'test'] as const)[patient % 3]!],
  );

  it('leaves out images in training, then in validation, never in test', () => {
    const { train, validation, test, sharedPatients } = splitByOwnSides(sided);
    expect(ids(test)).toEqual(ids(sided.filter(({ split }) => split === 'test')));
    expect(ids(sharedPatients!.dropped)).toEqual(['train/0', 'train/1', 'validation/0', 'validation/2']);
    expect([shared(train, validation), shared(train, test), shared(validation, test)]).toEqual([[], [], []]);
  });

  it('says nothing where none is shared', () => {
    expect(splitByOwnSides(samplesOn(() => ['train']))).not.toHaveProperty('sharedPatients');
  });

  it('comes back from its file, with what was left out', async () => {
    const splits = splitByOwnSides(sided);
    const text = await formatSplit(splits);
    expect(JSON.parse(text).sharedPatients).toMatchObject({ policy: 'drop', patientCount: 3 });
    expect(await parseSplit(text, sided)).toEqual(splits);
    const changed = [...sided.filter(({ id }) => id !== 'train/0'), { ...sided[0]!, id: 'new' }];
    await expect(parseSplit(text, changed)).rejects.toMatchObject({ missing: ['train/0'], extra: ['new'] });
  });
});

describe('images that all name one patient', () => {
  const anonymous = samplesOn(() => ['train']).map((sample) => ({ ...sample, patientId: 'ANONYMOUS' }));

  it('are refused by what keeps patients together, which says so', () => {
    const message = /images of several patients\. Received: "20 images that all name the patient ANONYMOUS"/;
    expect(() => splitByPatient(anonymous, { classList, seed: 7 })).toThrow(message);
    expect(() => kFoldByPatient(anonymous, { classList, seed: 7 })).toThrow(message);
    expect(splitAtRandom(anonymous, { classList, seed: 7 }).validation).toHaveLength(4);
  });
});
