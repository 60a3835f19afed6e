import { describe, expect, it } from 'vitest';
import { classListOf, createRandom, NORMAL_BACTERIAL_VIRAL, type Sample } from 'xray-core';
import reference from '../__fixtures__/k-fold-reference.json' with { type: 'json' };
import { PatientOverlapError } from '../errors.js';
import { countClasses } from './class-counts.js';
import { kFoldByPatient } from './k-fold-by-patient.js';

const CLASSES = NORMAL_BACTERIAL_VIRAL;
const ids = (samples: readonly Sample[]) => samples.map(({ id }) => id);
const patientsOf = (samples: readonly Sample[]) => new Set(samples.map(({ patientId }) => patientId));

/** Samples of patients given as images per class. */
function samplesOf(patients: readonly (readonly number[])[], names: readonly string[]): Sample[] {
  return patients.flatMap((counts, patient) =>
    counts.flatMap((count, label) =>
      Array.from({ length: count }, (_, image) => ({
        id: `${patient}-${label}-${image}`,
        source: '',
        finding: names[label]!,
        patientId: `patient-${patient}`,
      })),
    ),
  );
}

/** 1 to 9 images per patient, one patient in five with a second finding. */
function drawSamples(seed: number): Sample[] {
  const random = createRandom(seed);
  const patients = Array.from({ length: 60 + seed }, (_, patient) => {
    const counts = [0, 0, 0];
    counts[patient % 3] = Math.ceil(9 * random.uniform() ** 3);
    if (random.uniform() < 0.2) counts[(patient + 1) % 3] = 1;
    return counts;
  });
  return samplesOf(patients, CLASSES.names);
}

describe('kFoldByPatient', () => {
  it('validates every sample once, and never on a patient it trains on', () => {
    for (let seed = 0; seed < 30; seed++) {
      const samples = drawSamples(seed);
      const folds = 2 + (seed % 9);
      const rounds = kFoldByPatient(samples, { classList: CLASSES, folds, seed });
      expect(rounds).toHaveLength(folds);
      expect(rounds.flatMap(({ validation }) => ids(validation)).sort()).toEqual(ids(samples).sort());
      for (const { train, validation, test } of rounds) {
        expect([...ids(train), ...ids(validation)].sort()).toEqual(ids(samples).sort());
        const trained = patientsOf(train);
        expect([...patientsOf(validation)].filter((patient) => trained.has(patient))).toEqual([]);
        expect(test).toEqual([]);
      }
    }
  });

  it.each(reference.cases.map((one, index) => ({ ...one, name: `case ${index}` })))(
    "divides classes as evenly as scikit-learn's StratifiedGroupKFold: $name",
    ({ folds, patients, spread }) => {
      const classList = classListOf(patients[0]!.map((_, label) => `class-${label}`));
      const samples = samplesOf(patients, classList.names);
      const totals = countClasses(samples, classList);
      const seeds = Array.from({ length: 50 }, (_, seed) => seed);
      const ours = seeds.map((seed) => {
        const shares = kFoldByPatient(samples, { classList, folds, seed }).map(({ validation }) =>
          countClasses(validation, classList).map((count, label) => count / totals[label]!),
        );
        return Math.max(
          ...totals.map((_, label) => {
            const own = shares.map((share) => share[label]!);
            return Math.max(...own) - Math.min(...own);
          }),
        );
      });
      const mean = (values: readonly number[]) =>
        values.reduce((sum, value) => sum + value, 0) / values.length;
      const halfAnImage = 0.5 / Math.min(...totals);
      expect(mean(ours)).toBeLessThan(spread + halfAnImage);
    },
  );

  it('does not depend on the order of the samples, but on the seed', () => {
    const samples = drawSamples(1);
    const rounds = kFoldByPatient(samples, { classList: CLASSES, seed: 7 });
    expect(rounds).toHaveLength(5);
    expect(kFoldByPatient(createRandom(3).shuffle(samples), { classList: CLASSES, seed: 7 })).toEqual(rounds);
    const other = kFoldByPatient(samples, { classList: CLASSES, seed: 8 });
    expect(ids(other[0]!.validation)).not.toEqual(ids(rounds[0]!.validation));
  });

  it("keeps the dataset's own test side out of every round, and says so", () => {
    const samples = drawSamples(2).map((sample) =>
      ['patient-0', 'patient-1', 'patient-2'].includes(sample.patientId)
        ? { ...sample, split: 'test' as const }
        : { ...sample, split: 'validation' as const },
    );
    const rounds = kFoldByPatient(samples, { classList: CLASSES, folds: 3, seed: 7 });
    rounds.forEach(({ test, method }, fold) => {
      expect(patientsOf(test)).toEqual(new Set(['patient-0', 'patient-1', 'patient-2']));
      expect(method).toEqual({ name: 'k-fold-by-patient', seed: 7, folds: 3, fold, testShare: 'own' });
    });
  });

  it('refuses what cannot be divided', () => {
    const few = samplesOf(
      [[3], [2], [4]].map(([count]) => [count!, count!, count!]),
      CLASSES.names,
    );
    expect(() => kFoldByPatient(few, { classList: CLASSES, folds: 4, seed: 7 })).toThrow(
      /images of class normal of at least 4 patients, one for each fold\. Received: 3\. Ask for fewer folds/,
    );
    expect(() => kFoldByPatient(few, { classList: CLASSES, folds: 1, seed: 7 })).toThrow(
      /`folds` must be a whole number from 2 up/,
    );
    const shared = few.map((sample) =>
      sample.id === '0-0-0' ? { ...sample, split: 'test' as const } : sample,
    );
    expect(() =>
      kFoldByPatient(shared, { classList: CLASSES, folds: 2, seed: 7, onSharedPatients: 'fail' }),
    ).toThrow(PatientOverlapError);
  });
});
