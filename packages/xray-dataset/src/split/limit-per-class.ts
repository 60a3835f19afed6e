import type { ClassList, Sample } from 'xray-core';
import { checkWholeNumber, createRandom, InvalidArgumentError } from 'xray-core';
import { countClasses } from './class-counts.js';
import { groupByPatient, type Patient, sortById } from './patients.js';

/**
 * Draws a smaller dataset for quick runs: at most `limit` images per class, whole patients only. Call it
 * before splitting, so that every side shrinks alike.
 *
 * @param options.limit - Images per class, at least 1. The result may hold fewer where patients have several.
 * @returns Samples sorted by id; independent of the order of the input.
 * @throws {InvalidArgumentError} If `limit` is not a whole number above 0, or no patient of a class fits into it.
 */
export function limitPerClass(
  samples: readonly Sample[],
  options: { classList: ClassList; limit: number; seed: number },
): Sample[] {
  const { classList, limit, seed } = options;
  checkWholeNumber('limit', limit);
  const available = countClasses(samples, classList);
  const patients = createRandom(seed).stream('limit').shuffle(groupByPatient(samples, classList));
  const taken = classList.names.map(() => 0);
  const kept: Patient[] = [];
  for (const patient of patients) {
    const counts = countClasses(patient.samples, classList);
    if (counts.some((count, label) => taken[label]! + count > limit)) continue;
    counts.forEach((count, label) => {
      taken[label]! += count;
    });
    kept.push(patient);
  }
  classList.names.forEach((name, label) => {
    if (taken[label] === 0 && available[label]! > 0) {
      throw new InvalidArgumentError({
        argument: 'limit',
        expected: `large enough for a patient of class ${name}; all of them have more images`,
        received: limit,
        fix: 'Raise the limit.',
      });
    }
  });
  return sortById(kept.flatMap((patient) => patient.samples));
}
