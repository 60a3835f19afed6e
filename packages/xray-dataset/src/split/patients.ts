import type { ClassList, Sample } from 'xray-core';
import { InvalidArgumentError, labelOf } from 'xray-core';
import { compareText } from '../compare.js';

/** One patient's images. */
export interface Patient {
  readonly patientId: string;
  readonly samples: readonly Sample[];
  /** Class the patient counts for; see `groupByPatient`. */
  readonly label: number;
}

/**
 * @internal Groups samples by patient, patients sorted by id and their samples too, so that nothing depends
 * on the order of the input. A patient with several findings counts for the first positive class of the class
 * list among them: a child that was healthy once and ill later counts as ill.
 */
export function groupByPatient(samples: readonly Sample[], classList: ClassList): Patient[] {
  const groups = new Map<string, Sample[]>();
  for (const sample of sortById(samples)) {
    const group = groups.get(sample.patientId);
    if (group) group.push(sample);
    else groups.set(sample.patientId, [sample]);
  }
  return [...groups]
    .sort(([left], [right]) => compareText(left, right))
    .map(([patientId, own]) => ({ patientId, samples: own, label: patientLabel(own, classList) }));
}

function patientLabel(samples: readonly Sample[], classList: ClassList): number {
  let least = 0;
  for (const { finding, id } of samples) {
    const label = labelOf(classList, finding, id);
    if (label > 0 && (least === 0 || label < least)) least = label;
  }
  return least;
}

/** @internal New array sorted by id. Throws if an id occurs twice. */
export function sortById(samples: readonly Sample[]): Sample[] {
  const sorted = [...samples].sort((left, right) => compareText(left.id, right.id));
  sorted.forEach(({ id }, index) => {
    if (id === sorted[index + 1]?.id) {
      throw new InvalidArgumentError({
        argument: 'samples',
        expected: 'samples with different ids',
        received: id,
        fix: 'Index every folder once.',
      });
    }
  });
  return sorted;
}
