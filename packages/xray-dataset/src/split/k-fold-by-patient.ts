import type { ClassList, Sample } from 'xray-core';
import {
  checkWholeNumber,
  createRandom,
  InvalidArgumentError,
  type OptionNames,
  refuseUnknownOptions,
} from 'xray-core';
import { countClasses } from './class-counts.js';
import { groupByPatient, sortById } from './patients.js';
import { checkSeveralPatients, type SharedPatientsPolicy, settleSharedPatients } from './shared-patients.js';
import { assertPatientsDisjoint, type Splits } from './splits.js';

const OPTIONS: OptionNames<KFoldOptions> = {
  classList: true,
  folds: true,
  onSharedPatients: true,
  seed: true,
};

/** Options of `kFoldByPatient`. */
export interface KFoldOptions {
  /** Classes to stratify by. */
  classList: ClassList;
  /** Number of folds, at least 2. @default 5 */
  folds?: number | undefined;
  /** What to do about patients that are on the test side of the samples and elsewhere, too. @default 'drop' */
  onSharedPatients?: SharedPatientsPolicy | undefined;
  /** Same seed and samples, same folds. */
  seed: number;
}

/**
 * Divides samples into folds of whole patients, each with the same share of every class as nearly as patients allow, and
 * gives one split per fold: that fold is its validation side, the others are its train side. Every sample is in exactly
 * one validation side. Deterministic: the order of `samples` does not matter.
 *
 * Samples whose own `split` is `'test'` are the test side of every split; all others are divided, but for other images of its
 * patients, which are left out unless `onSharedPatients` says otherwise.
 *
 * Patients are placed one by one, those with the most uneven images first, each into the fold that keeps the
 * classes most even, as scikit-learn's `StratifiedGroupKFold` does.
 *
 * @returns `folds` splits, by fold.
 * @throws {InvalidArgumentError} If a class has images of fewer patients than there are folds, `folds` is no whole number
 *   from 2 up, an id occurs twice, or the class list does not cover a finding.
 * @throws {PatientOverlapError} If the dataset's own test side shares patients with the rest and `onSharedPatients` is `'fail'`.
 *
 * @see scikit-learn, sklearn/model_selection/_split.py, `StratifiedGroupKFold` (the order and the criterion)
 *
 * @example
 * for (const { train, validation } of kFoldByPatient(samples, { classList, folds: 5, seed: 7 })) {
 *   // train and measure one model
 * }
 */
export function kFoldByPatient(samples: readonly Sample[], options: KFoldOptions): Splits[] {
  refuseUnknownOptions('kFoldByPatient', options, OPTIONS);
  const { classList, folds = 5, seed, onSharedPatients = 'drop' } = options;
  checkWholeNumber('folds', folds, 2);
  const { kept, sharedPatients } = settleSharedPatients(sortById(samples), onSharedPatients, ({ split }) =>
    split === 'test' ? 'test' : 'train',
  );
  const test = kept.filter(({ split }) => split === 'test');
  const pool = kept.filter(({ split }) => split !== 'test');
  checkSeveralPatients(pool);
  const patients = groupByPatient(pool, classList).map(({ samples: own }) => ({
    samples: own,
    counts: countClasses(own, classList),
  }));
  checkPatientsPerClass(patients, classList, folds);

  const placed = placeEvenly(
    createRandom(seed).stream('k-fold').shuffle(patients),
    countClasses(pool, classList),
    folds,
  );
  return placed.map((validation, fold): Splits => {
    const splits: Splits = {
      train: sortById(placed.filter((_, other) => other !== fold).flat()),
      validation: sortById(validation),
      test,
      method: { name: 'k-fold-by-patient', seed, folds, fold, testShare: test.length > 0 ? 'own' : 0 },
      ...(sharedPatients && { sharedPatients }),
    };
    assertPatientsDisjoint(sharedPatients?.policy === 'keep' ? { ...splits, test: [] } : splits);
    return splits;
  });
}

interface CountedPatient {
  readonly samples: readonly Sample[];
  /** `[classes]`, images of each class. */
  readonly counts: readonly number[];
}

/** Samples of each fold. */
function placeEvenly(
  patients: readonly CountedPatient[],
  totals: readonly number[],
  folds: number,
): Sample[][] {
  const inFold = Array.from({ length: folds }, () => totals.map(() => 0));
  const placed = Array.from({ length: folds }, (): CountedPatient[] => []);
  const uneven = patients
    .map((patient) => ({ ...patient, spread: deviation(patient.counts) }))
    .sort((left, right) => right.spread - left.spread); // stable: ties keep the drawn order
  for (const patient of uneven) {
    const { counts } = patient;
    const fold = bestFold(inFold, counts, totals);
    counts.forEach((count, label) => {
      inFold[fold]![label]! += count;
    });
    placed[fold]!.push(patient);
  }
  return placed.map((patientsOfFold) => patientsOfFold.flatMap(({ samples }) => samples));
}

/** Fold whose growth leaves the shares of every class most alike over the folds; of equal ones the smallest. */
function bestFold(
  inFold: readonly (readonly number[])[],
  counts: readonly number[],
  totals: readonly number[],
): number {
  let best = 0;
  let leastSpread = Number.POSITIVE_INFINITY;
  let leastImages = Number.POSITIVE_INFINITY;
  inFold.forEach((candidate, fold) => {
    const spreads = totals.map((total, label) => {
      if (total === 0) return 0;
      return deviation(
        inFold.map((own, other) => (own[label]! + (other === fold ? counts[label]! : 0)) / total),
      );
    });
    const spread = sum(spreads) / totals.length;
    const images = sum(candidate);
    const isAlike = Math.abs(spread - leastSpread) < 1e-8 + 1e-5 * leastSpread; // as numpy's isclose
    if (spread < leastSpread || (isAlike && images < leastImages)) {
      best = fold;
      leastSpread = spread;
      leastImages = images;
    }
  });
  return best;
}

function checkPatientsPerClass(
  patients: readonly CountedPatient[],
  { names }: ClassList,
  folds: number,
): void {
  names.forEach((name, label) => {
    const count = patients.filter(({ counts }) => counts[label]! > 0).length;
    if (count >= folds) return;
    throw new InvalidArgumentError({
      argument: 'samples',
      expected: `images of class ${name} of at least ${folds} patients, one for each fold`,
      received: count,
      fix: 'Ask for fewer folds, or add images.',
    });
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function deviation(values: readonly number[]): number {
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length);
}
