import type { ClassList, Sample, Split } from 'xray-core';
import { InvalidArgumentError } from 'xray-core';
import { type PatientOverlap, PatientOverlapError } from '../errors.js';

/** Options of `splitByPatient` and `splitAtRandom`. */
export interface SplitOptions {
  /** Classes to stratify by. */
  classList: ClassList;
  /** Share of every class that goes to validation, in `[0, 1)`. @default 0.2 */
  validationShare?: number;
  /** Share of every class that goes to test, in `[0, 1)`; not used if samples bring their own test side. @default 0 */
  testShare?: number;
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

/** @internal Sides in the order they are listed in. */
export const SIDES = ['train', 'validation', 'test'] as const satisfies readonly Split[];

/**
 * Proves that no patient has images on two sides.
 *
 * @throws {PatientOverlapError} Naming the patients and the sides they are on.
 */
export function assertPatientsDisjoint(splits: Pick<Splits, Split>): void {
  const sidesOf = new Map<string, Split[]>();
  for (const side of SIDES) {
    for (const patientId of new Set(splits[side].map((sample) => sample.patientId))) {
      sidesOf.set(patientId, [...(sidesOf.get(patientId) ?? []), side]);
    }
  }
  const overlaps: PatientOverlap[] = [];
  for (const [patientId, sides] of sidesOf) if (sides.length > 1) overlaps.push({ patientId, sides });
  if (overlaps.length > 0) throw new PatientOverlapError(overlaps);
}

/** @internal Options with defaults, checked. */
export function checkSplitOptions(options: SplitOptions): Required<SplitOptions> {
  const { classList, validationShare = 0.2, testShare = 0, seed } = options;
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
  return { classList, validationShare, testShare, seed };
}
