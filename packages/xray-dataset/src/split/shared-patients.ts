import type { Sample, Split } from 'xray-core';
import { InvalidArgumentError } from 'xray-core';
import { type PatientOverlap, PatientOverlapError } from '../errors.js';
import { SIDES } from './sides.js';

/**
 * What to do about patients with images on several of the sides that come with the data:
 *
 * - `'fail'`: throw a `PatientOverlapError`;
 * - `'drop'`: leave out their images on the training and validation sides, never those on the test side. Where only training
 *   and validation share a patient, those on the training side are left out;
 * - `'keep'`: leave them where they are; what is measured then looks better than it is.
 */
export type SharedPatientsPolicy = 'fail' | 'drop' | 'keep';

/** Patients on several of the sides that came with the data, and what was done about them. */
export interface SharedPatients {
  readonly policy: Exclude<SharedPatientsPolicy, 'fail'>;
  readonly patientCount: number;
  /** Images on no side because of it, sorted by id. Empty with `'keep'`. */
  readonly dropped: readonly Sample[];
}

/** Whose images stay where a patient is on several sides. */
const KEPT_FIRST = ['test', 'validation', 'train'] as const satisfies readonly Split[];

/**
 * @internal Follows the policy.
 *
 * @param samples - Sorted by id.
 * @param sideOf - Side that came with the data. @default the sample's own
 * @returns The samples to go on with, and what was done, if there was anything to do.
 */
export function settleSharedPatients(
  samples: readonly Sample[],
  policy: SharedPatientsPolicy,
  sideOf: (sample: Sample) => Split,
): { kept: readonly Sample[]; sharedPatients?: SharedPatients | undefined } {
  if (!['fail', 'drop', 'keep'].includes(policy)) {
    throw new InvalidArgumentError({
      argument: 'onSharedPatients',
      expected: "'fail', 'drop' or 'keep'",
      received: policy,
    });
  }
  const overlaps = findOverlaps(samples, sideOf);
  if (overlaps.length === 0) return { kept: samples };
  if (policy === 'fail') throw new PatientOverlapError(overlaps);
  const patientCount = overlaps.length;
  if (policy === 'keep') return { kept: samples, sharedPatients: { policy, patientCount, dropped: [] } };
  const sideKept = new Map(
    overlaps.map(({ patientId, sides }) => [patientId, KEPT_FIRST.find((side) => sides.includes(side))]),
  );
  const stays = (sample: Sample) =>
    !sideKept.has(sample.patientId) || sideKept.get(sample.patientId) === sideOf(sample);
  return {
    kept: samples.filter(stays),
    sharedPatients: { policy, patientCount, dropped: samples.filter((sample) => !stays(sample)) },
  };
}

/** @internal Patients on more than one side, in the order of the samples; sides in the order they are listed in. */
export function findOverlaps<Image extends Pick<Sample, 'patientId'>>(
  samples: readonly Image[],
  sideOf: (sample: Image) => Split,
): PatientOverlap[] {
  const sidesOf = new Map<string, Set<Split>>();
  for (const sample of samples) {
    const sides = sidesOf.get(sample.patientId);
    if (sides) sides.add(sideOf(sample));
    else sidesOf.set(sample.patientId, new Set([sideOf(sample)]));
  }
  return [...sidesOf]
    .filter(([, sides]) => sides.size > 1)
    .map(([patientId, sides]) => ({ patientId, sides: SIDES.filter((side) => sides.has(side)) }));
}

/** @internal Refuses samples that all name one patient, as badly anonymised files do: no split of them is one by patient. */
export function checkSeveralPatients(samples: readonly Sample[]): void {
  const [first] = samples;
  if (samples.length < 2 || samples.some(({ patientId }) => patientId !== first!.patientId)) return;
  throw new InvalidArgumentError({
    argument: 'samples',
    expected: 'images of several patients',
    received: `${samples.length} images that all name the patient ${first!.patientId}`,
    fix:
      'Where anonymising gave all of them one patient (such as ANONYMOUS), say whose images they are with patientIdOf ' +
      '(the programs have --patient-from); to let every image count as a patient of its own, give the path.',
  });
}
