import type { Split } from 'xray-core';
import { XrayError } from 'xray-core';

/** A folder whose structure or file names do not say what is in the images. Code `bad-layout`. */
export class DatasetLayoutError extends XrayError {
  /** Folder as the caller knows it. */
  readonly folder: string;
  /** What is wrong, without the folder. */
  readonly problem: string;

  constructor(details: { folder: string; problem: string; fix: string }) {
    super('bad-layout', `${details.folder}: ${details.problem}. ${details.fix}`);
    this.folder = details.folder;
    this.problem = details.problem;
  }
}

/** An image that cannot be decoded or resized. Code `bad-image`. */
export class BadImageError extends XrayError {
  /** The sample's `source`. */
  readonly file: string;
  /** What is wrong, without the file name. */
  readonly reason: string;

  constructor(details: { file: string; reason: string; cause: unknown }) {
    const { file, reason, cause } = details;
    super(
      'bad-image',
      `${file}: ${reason}. Repair or remove the image, or skip it with onBadImage: 'skip'.`,
      { cause },
    );
    this.file = file;
    this.reason = reason;
  }
}

/** Where a patient was found on more than one side. */
export interface PatientOverlap {
  readonly patientId: string;
  readonly sides: readonly Split[];
}

/** Patients with images on more than one side of a split. Code `patient-overlap`. */
export class PatientOverlapError extends XrayError {
  readonly patients: readonly PatientOverlap[];

  constructor(patients: readonly PatientOverlap[]) {
    const named = patients.slice(0, 5).map(({ patientId, sides }) => `${patientId} (${sides.join(', ')})`);
    const more = patients.length > named.length ? ` and ${patients.length - named.length} more` : '';
    super(
      'patient-overlap',
      `Every patient must be on one side only. Received: ${named.join(', ')}${more} on several. ` +
        `Split with splitByPatient, or remove these patients' images from all sides but one.`,
    );
    this.patients = patients;
  }
}
