import type { ClassList, Sample, Split } from 'xray-core';
import { InvalidArgumentError } from 'xray-core';
import { PatientOverlapError } from '../errors.js';
import { findOverlaps, type SharedPatients, type SharedPatientsPolicy } from './shared-patients.js';
import { SIDES } from './sides.js';

/** Options of `splitByPatient` and `splitAtRandom`. */
export interface SplitOptions {
  /** Classes to stratify by. */
  classList: ClassList;
  /** Share of every class that goes to validation, in `[0, 1)`. @default 0.2 */
  validationShare?: number | undefined;
  /** Share of every class that goes to test, in `[0, 1)`; not used if samples bring their own test side. @default 0 */
  testShare?: number | undefined;
  /** What to do about patients that are on the test side of the samples and elsewhere, too. @default 'drop' */
  onSharedPatients?: SharedPatientsPolicy | undefined;
  /** Same seed and samples, same split. */
  seed: number;
}

/** The three sides of a study, each sorted by id. */
export interface Splits {
  readonly train: readonly Sample[];
  readonly validation: readonly Sample[];
  readonly test: readonly Sample[];
  /** How it was made, for the run record. */
  readonly method: SplitMethod;
  /** Patients whom the sides of the data share, if there are any. */
  readonly sharedPatients?: SharedPatients | undefined;
}

/** How a split was made. */
export type SplitMethod =
  | {
      readonly name: 'by-patient' | 'at-random';
      readonly seed: number;
      readonly validationShare: number;
      /** `'own'` if the dataset's own test side was kept. */
      readonly testShare: number | 'own';
    }
  | {
      /** One round of `kFoldByPatient`. */
      readonly name: 'k-fold-by-patient';
      readonly seed: number;
      readonly folds: number;
      /** Fold that is the validation side, from 0. */
      readonly fold: number;
      readonly testShare: 0 | 'own';
    }
  | {
      /** The sides the samples bring, or that lists of ids gave them. */
      readonly name: 'own-sides';
    };

/**
 * Proves that no patient has images on two sides.
 *
 * @throws {PatientOverlapError} Naming the patients and the sides they are on.
 */
export function assertPatientsDisjoint(splits: Pick<Splits, Split>): void {
  const sided = SIDES.flatMap((side) => splits[side].map(({ patientId }) => ({ patientId, side })));
  const overlaps = findOverlaps(sided, ({ side }) => side);
  if (overlaps.length > 0) throw new PatientOverlapError(overlaps);
}

/** @internal */
export type CheckedSplitOptions = {
  [Name in keyof SplitOptions]-?: Exclude<SplitOptions[Name], undefined>;
};

/** @internal Options with defaults, checked. */
export function checkSplitOptions(options: SplitOptions): CheckedSplitOptions {
  const { classList, validationShare = 0.2, testShare = 0, seed, onSharedPatients = 'drop' } = options;
  for (const [argument, share] of Object.entries({ validationShare, testShare })) {
    if (!(share >= 0 && share < 1)) {
      throw new InvalidArgumentError({ argument, expected: 'a share in [0, 1)', received: share });
    }
  }
  if (validationShare + testShare >= 1) {
    throw new InvalidArgumentError({
      argument: 'validationShare + testShare',
      expected: 'less than 1, so that images are left to train on',
      received: validationShare + testShare,
    });
  }
  return { classList, validationShare, testShare, seed, onSharedPatients };
}
