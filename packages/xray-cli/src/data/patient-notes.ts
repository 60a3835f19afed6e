import type { Sample } from 'xray-core';
import type { Splits } from 'xray-dataset';
import type { ReportNote } from 'xray-report';

/** Number of patients, `null` where nothing says whose images these are. */
export function countPatients(samples: readonly Sample[]): number | null {
  const known = samples.filter(({ isPatientUnknown }) => !isPatientUnknown);
  return known.length === 0 ? null : new Set(known.map(({ patientId }) => patientId)).size;
}

/** `5 images of 3 patients`, or what there is instead of patients. */
export function describePatients(samples: readonly Sample[]): string {
  const patients = countPatients(samples);
  if (patients === null) return `${samples.length} images, patients unknown`;
  const unknown = samples.filter(({ isPatientUnknown }) => isPatientUnknown).length;
  const others = unknown === 0 ? '' : `, ${unknown} of them of unknown patients`;
  return `${samples.length} images of ${patients} patients${others}`;
}

/** What to know where nothing says whose images some of these are. */
export function unknownPatientNotes(samples: readonly Sample[]): ReportNote[] {
  const unknown = samples.filter(({ isPatientUnknown }) => isPatientUnknown).length;
  if (unknown === 0) return [];
  const which = unknown === samples.length ? '' : ` for ${unknown} of ${samples.length} images`;
  return [
    {
      kind: 'warning',
      text:
        `Patients unknown: split by image${which}. Nothing says whose they are, so each counts as a patient of its own. ` +
        'Where one patient has several, they may lie on several sides, and numbers look better and intervals narrower than they are.',
    },
  ];
}

/** What was done about patients on several of the sides that came with the data. */
export function sharedPatientNotes({ sharedPatients }: Splits): ReportNote[] {
  if (sharedPatients === undefined) return [];
  const { policy, patientCount, dropped } = sharedPatients;
  const what = `${patientCount} patients are on several of the sides that come with the data`;
  const text =
    policy === 'drop'
      ? `${what}: ${dropped.length} of their images were left out of training and validation, none of the test side (--on-shared-patients drop).`
      : `${what}, and stay there (--on-shared-patients keep): what is measured looks better than it is.`;
  return [{ kind: policy === 'keep' ? 'warning' : 'info', text, details: dropped.map(({ id }) => id) }];
}
