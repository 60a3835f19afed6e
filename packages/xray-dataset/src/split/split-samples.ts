import type { Random, Sample } from 'xray-core';
import { createRandom, InvalidArgumentError, type OptionNames, refuseUnknownOptions } from 'xray-core';
import { groupByPatient, type Patient, sortById } from './patients.js';
import { checkSeveralPatients, settleSharedPatients } from './shared-patients.js';
import {
  assertPatientsDisjoint,
  type CheckedSplitOptions,
  checkSplitOptions,
  type SplitOptions,
  type Splits,
} from './splits.js';

const OPTIONS: OptionNames<SplitOptions> = {
  classList: true,
  validationShare: true,
  testShare: true,
  onSharedPatients: true,
  seed: true,
};

/**
 * Splits samples into train, validation and test so that every patient is on one side only and every class
 * has the same share on each side, to within a patient. Deterministic: the order of `samples` does not matter.
 *
 * - Samples whose own `split` is `'test'` stay there, and `testShare` is then not used. Other images of their patients are
 *   left out, unless `onSharedPatients` says otherwise.
 * - Samples whose own `split` is `'validation'` go back to the pool: the official validation side of the
 *   Kaggle copy has 16 images, too few to choose an epoch or a threshold with.
 * - A patient with several findings counts, with all images, for the first positive class among them.
 *
 * @throws {InvalidArgumentError} If a class has fewer patients than there are sides, a share is out of range,
 *   an id occurs twice, all images name one patient, or the class list does not cover a finding.
 * @throws {PatientOverlapError} If the dataset's own test side shares patients with the rest and `onSharedPatients` is `'fail'`.
 *
 * @example
 * const { train, validation, test } = splitByPatient(samples, { classList: NORMAL_PNEUMONIA, seed: 7 });
 */
export function splitByPatient(samples: readonly Sample[], options: SplitOptions): Splits {
  refuseUnknownOptions('splitByPatient', options, OPTIONS);
  const splits = split(samples, options, 'by-patient', (pool, { classList }) =>
    groupByPatient(pool, classList),
  );
  const { sharedPatients } = splits;
  assertPatientsDisjoint(sharedPatients?.policy === 'keep' ? { ...splits, test: [] } : splits);
  return splits;
}

/**
 * Splits every class at random, image by image, as the reference study did. Images of one patient end up on
 * several sides, so validation numbers come out too good: use it for comparison only.
 *
 * Own sides of the samples are treated as in `splitByPatient`.
 *
 * @throws {InvalidArgumentError} If a class has fewer images than there are sides, a share is out of range,
 *   an id occurs twice, or the class list does not cover a finding.
 */
export function splitAtRandom(samples: readonly Sample[], options: SplitOptions): Splits {
  refuseUnknownOptions('splitAtRandom', options, OPTIONS);
  return split(samples, options, 'at-random', (pool, { classList }) =>
    pool.flatMap((sample) => groupByPatient([sample], classList)),
  );
}

/** What is kept together: a patient's images, or a single one. */
type Unit = Pick<Patient, 'samples' | 'label'>;

function split(
  samples: readonly Sample[],
  options: SplitOptions,
  name: 'by-patient' | 'at-random',
  unitsOf: (pool: readonly Sample[], options: CheckedSplitOptions) => Unit[],
): Splits {
  const checked = checkSplitOptions(options);
  const { classList, validationShare, seed } = checked;
  const { kept, sharedPatients } = settleSharedPatients(
    sortById(samples),
    checked.onSharedPatients,
    ({ split: own }) => (own === 'test' ? 'test' : 'train'),
  );
  const ownTest = kept.filter((sample) => sample.split === 'test');
  const pool = kept.filter((sample) => sample.split !== 'test');
  if (name === 'by-patient') checkSeveralPatients(pool);
  const testShare = ownTest.length > 0 ? 0 : checked.testShare;

  const random = createRandom(seed).stream('split', name);
  const units = unitsOf(pool, checked);
  const parts = classList.names.map((className, label) => {
    const own = units.filter((unit) => unit.label === label);
    const what = name === 'by-patient' ? 'patients' : 'images';
    return divide(own, [validationShare, testShare], random.stream(className), className, what);
  });
  const samplesOf = (part: number) =>
    parts.flatMap((ofClass) => ofClass[part]!.flatMap((unit) => unit.samples));
  return {
    train: sortById(samplesOf(2)),
    validation: sortById(samplesOf(0)),
    test: sortById([...ownTest, ...samplesOf(1)]),
    method: { name, seed, validationShare, testShare: ownTest.length > 0 ? 'own' : testShare },
    ...(sharedPatients && { sharedPatients }),
  };
}

/** Draws a part of the units for every share; the last part is what is left. */
function divide(
  units: readonly Unit[],
  shares: readonly number[],
  random: Random,
  className: string,
  what: string,
): Unit[][] {
  const needed = shares.filter((share) => share > 0).length + 1;
  if (units.length < needed) {
    throw new InvalidArgumentError({
      argument: 'samples',
      expected: `at least ${needed} ${what} of class ${className}, one for each side`,
      received: units.length,
      fix: 'Add images, or set validationShare or testShare to 0.',
    });
  }
  const total = countImages(units);
  let rest = random.shuffle(units);
  let sidesLeft = needed;
  const parts = shares.map((share) => {
    if (share === 0) return [];
    sidesLeft--;
    const part = take(rest, Math.round(share * total), rest.length - sidesLeft);
    const taken = new Set(part);
    rest = rest.filter((unit) => !taken.has(unit));
    return part;
  });
  return [...parts, rest];
}

/**
 * Takes units in their order as long as they fit into `target` images, at most `most` units; the smallest one
 * left is added if that comes closer. Never empty.
 */
function take(units: readonly Unit[], target: number, most: number): Unit[] {
  const part: Unit[] = [];
  let missing = target;
  let smallest: Unit | undefined;
  for (const unit of units) {
    if (unit.samples.length <= missing && part.length < most) {
      part.push(unit);
      missing -= unit.samples.length;
    } else if (!smallest || unit.samples.length < smallest.samples.length) {
      smallest = unit;
    }
  }
  const comesCloser = smallest !== undefined && smallest.samples.length < 2 * missing;
  if (smallest && part.length < most && (comesCloser || part.length === 0)) part.push(smallest);
  return part;
}

function countImages(units: readonly Unit[]): number {
  return units.reduce((sum, unit) => sum + unit.samples.length, 0);
}
