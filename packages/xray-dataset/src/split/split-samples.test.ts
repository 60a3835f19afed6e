import { describe, expect, it } from 'vitest';
import {
  classListOf,
  createRandom,
  InvalidArgumentError,
  NORMAL_BACTERIAL_VIRAL,
  type Sample,
} from 'xray-core';
import { PatientOverlapError } from '../errors.js';
import { countClasses } from './class-counts.js';
import { limitPerClass } from './limit-per-class.js';
import { splitAtRandom, splitByPatient } from './split-samples.js';
import { assertPatientsDisjoint } from './splits.js';

const CLASSES = NORMAL_BACTERIAL_VIRAL;

/** Patients with 1 to 12 images, most of them with few. */
function makeSamples(seed: number, patientsPerClass: readonly number[]): Sample[] {
  const random = createRandom(seed).stream('made up');
  return CLASSES.names.flatMap((finding, label) =>
    Array.from({ length: patientsPerClass[label]! }, (_, patient) =>
      Array.from({ length: Math.ceil(12 * random.uniform() ** 4) }, (_, image) => ({
        id: `${finding}-${patient}-${image}`,
        source: '',
        finding,
        patientId: `${finding}-${patient}`,
      })),
    ).flat(),
  );
}

const ids = (samples: readonly Sample[]) => samples.map(({ id }) => id);
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe.each([
  { name: 'splitByPatient', split: splitByPatient, method: 'by-patient' },
  { name: 'splitAtRandom', split: splitAtRandom, method: 'at-random' },
])('$name', ({ split, method }) => {
  it('puts every sample on exactly one side, with the shares of every class near the target', () => {
    for (let seed = 0; seed < 40; seed++) {
      const samples = makeSamples(seed, [20 + seed, 3 + seed, 60]);
      const options = { classList: CLASSES, validationShare: 0.2, testShare: 0.1, seed };
      const splits = split(samples, options);
      expect(ids([...splits.train, ...splits.validation, ...splits.test]).sort()).toEqual(
        ids(samples).sort(),
      );
      const counts = countClasses(samples, CLASSES);
      for (const [side, share] of [
        ['validation', 0.2],
        ['test', 0.1],
      ] as const) {
        countClasses(splits[side], CLASSES).forEach((count, label) => {
          expect(count).toBeGreaterThan(0);
          const largestPatient = 12;
          const tolerance = method === 'at-random' ? 1 : largestPatient;
          expect(Math.abs(count - share * counts[label]!)).toBeLessThanOrEqual(tolerance);
        });
      }
    }
  });

  it('does not depend on the order of the samples, but on the seed', () => {
    const samples = makeSamples(1, [30, 30, 30]);
    const splits = split(samples, { classList: CLASSES, seed: 7 });
    const shuffled = createRandom(3).shuffle(samples);
    expect(split(shuffled, { classList: CLASSES, seed: 7 })).toEqual(splits);
    expect(ids(split(samples, { classList: CLASSES, seed: 8 }).validation)).not.toEqual(
      ids(splits.validation),
    );
  });

  it('records how it was made', () => {
    const samples = makeSamples(1, [30, 30, 30]);
    expect(split(samples, { classList: CLASSES, seed: 7 }).method).toEqual({
      name: method,
      seed: 7,
      validationShare: 0.2,
      testShare: 0,
    });
  });

  it("keeps a dataset's own test side, and pools its validation side", () => {
    const pool = makeSamples(2, [30, 30, 30]).map((sample, index) =>
      index % 3 === 0 ? { ...sample, split: 'validation' as const } : sample,
    );
    const own = makeSamples(3, [5, 5, 5]).map((sample) => ({
      ...sample,
      id: `test/${sample.id}`,
      patientId: `test/${sample.patientId}`,
      split: 'test' as const,
    }));
    const splits = split([...pool, ...own], { classList: CLASSES, testShare: 0.3, seed: 7 });
    expect(ids(splits.test)).toEqual(ids(own).sort());
    expect(splits.method).toMatchObject({ testShare: 'own' });
    const poolOnly = split(
      pool.map(({ split: _, ...sample }) => sample),
      { classList: CLASSES, seed: 7 },
    );
    expect(ids(splits.validation)).toEqual(ids(poolOnly.validation));
  });

  it.each([
    {
      shares: { validationShare: 1 },
      problem: /`validationShare` must be a share in \[0, 1\)\. Received: 1/,
    },
    { shares: { testShare: Number.NaN }, problem: /`testShare` must be a share.*Received: NaN/ },
    {
      shares: { validationShare: 0.6, testShare: 0.4 },
      problem: /must be less than 1, so that images are left to train on/,
    },
  ])('refuses $shares', ({ shares, problem }) => {
    expect(() => split(makeSamples(1, [9, 9, 9]), { classList: CLASSES, seed: 7, ...shares })).toThrow(
      problem,
    );
  });

  it('refuses unknown findings and repeated ids', () => {
    const samples = makeSamples(1, [9, 9, 9]);
    expect(() => split(samples, { classList: classListOf(['normal', 'viral']), seed: 7 })).toThrow(
      InvalidArgumentError,
    );
    expect(() => split([...samples, samples[0]!], { classList: CLASSES, seed: 7 })).toThrow(
      /different ids.*Index every folder once/,
    );
  });
});

describe('splitByPatient', () => {
  it('never divides a patient, whatever the seed', () => {
    for (let seed = 0; seed < 40; seed++) {
      const splits = splitByPatient(makeSamples(seed, [10, 25, 40]), {
        classList: CLASSES,
        testShare: 0.2,
        seed,
      });
      const sides = [splits.train, splits.validation, splits.test];
      const patients = sides.map((side) => new Set(side.map(({ patientId }) => patientId)).size);
      const all = new Set(sides.flat().map(({ patientId }) => patientId)).size;
      expect(sum(patients)).toBe(all);
    }
  });

  it('is within an image of the target where most patients have one image', () => {
    const samples = makeSamples(4, [200, 300, 200]);
    const { validation } = splitByPatient(samples, { classList: CLASSES, seed: 7 });
    const counts = countClasses(samples, CLASSES);
    countClasses(validation, CLASSES).forEach((count, label) => {
      expect(Math.abs(count - 0.2 * counts[label]!)).toBeLessThanOrEqual(1);
    });
  });

  it('gives every side a patient, even with as few patients as sides', () => {
    const samples = makeSamples(1, [3, 3, 3]);
    for (let seed = 0; seed < 20; seed++) {
      const splits = splitByPatient(samples, { classList: CLASSES, testShare: 0.2, seed });
      for (const side of ['train', 'validation', 'test'] as const) {
        expect(Math.min(...countClasses(splits[side], CLASSES))).toBeGreaterThan(0);
      }
    }
  });

  it('says which class has too few patients', () => {
    expect(() => splitByPatient(makeSamples(1, [9, 1, 9]), { classList: CLASSES, seed: 7 })).toThrow(
      /at least 2 patients of class bacterial, one for each side\. Received: 1\. Add images, or set validationShare/,
    );
  });

  it('counts a patient with several findings for the first positive class', () => {
    const both = ['viral', 'bacterial', 'normal'].map((finding) => ({
      id: `x-${finding}`,
      source: '',
      finding,
      patientId: 'x',
    }));
    const others = makeSamples(1, [9, 1, 9]).filter(({ finding }) => finding !== 'bacterial');
    const one = { id: 'y', source: '', finding: 'bacterial', patientId: 'y' };
    const splits = splitByPatient([...others, ...both, one], {
      classList: CLASSES,
      validationShare: 0.3,
      seed: 7,
    });
    // x and y are the only patients that count as bacterial, so they are on different sides.
    expect(splits.validation.some(({ patientId }) => patientId === 'y')).toBe(true);
    expect(splits.train.filter(({ patientId }) => patientId === 'x')).toHaveLength(3);
  });

  it('refuses a dataset whose own test side shares patients with the rest, if told to', () => {
    const samples = makeSamples(1, [9, 9, 9]);
    const leaked = { ...samples[0]!, id: 'leaked', split: 'test' as const };
    expect(() =>
      splitByPatient([...samples, leaked], { classList: CLASSES, seed: 7, onSharedPatients: 'fail' }),
    ).toThrow(PatientOverlapError);
  });
});

describe('a large dataset', () => {
  it('has sides of more images than a function takes arguments', () => {
    const samples = CLASSES.names.flatMap((finding, label) =>
      Array.from({ length: label === 0 ? 200_000 : 4 }, (_, image) => ({
        id: `${finding}-${image}`,
        source: '',
        finding,
        patientId: `${finding}-${image % 4}`,
      })),
    );
    const options = { classList: CLASSES, seed: 7, validationShare: 0.25 };
    const { train, validation } = splitByPatient(samples, options);
    expect([train.length, validation.length]).toEqual([150_006, 50_002]);
    expect(limitPerClass(samples, { ...options, limit: 200_000 })).toHaveLength(200_008);
  });
});

describe('assertPatientsDisjoint', () => {
  const sample = (id: string, patientId: string): Sample => ({
    id,
    source: '',
    finding: 'normal',
    patientId,
  });

  it('passes when every patient is on one side', () => {
    expect(() =>
      assertPatientsDisjoint({
        train: [sample('1', 'a'), sample('2', 'a')],
        validation: [sample('3', 'b')],
        test: [],
      }),
    ).not.toThrow();
  });

  it('names the patients and their sides', () => {
    const splits = {
      train: [sample('1', 'a'), sample('2', 'b')],
      validation: [sample('3', 'a')],
      test: [sample('4', 'a')],
    };
    expect(() => assertPatientsDisjoint(splits)).toThrow(
      /one side only\. Received: a \(train, validation, test\) on several\. Split with splitByPatient, or pass onSharedPatients/,
    );
    try {
      assertPatientsDisjoint(splits);
    } catch (error) {
      expect((error as PatientOverlapError).code).toBe('patient-overlap');
      expect((error as PatientOverlapError).patients).toEqual([
        { patientId: 'a', sides: ['train', 'validation', 'test'] },
      ]);
    }
  });
});
