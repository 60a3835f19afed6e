import type { Split } from 'xray-core';
import { XrayError } from 'xray-core';

/** A folder whose structure or file names do not say what is in the images. Code `bad-layout`. */
export class DatasetLayoutError extends XrayError {
  /** Folder as the caller knows it. */
  readonly folder: string;
  /** What is wrong, without the folder. */
  readonly problem: string;
  /** Some lines about the files that are there, `''` where they do not matter. */
  readonly found: string;

  constructor(details: { folder: string; problem: string; fix: string; found?: string | undefined }) {
    const { folder, problem, fix, found = '' } = details;
    super('bad-layout', `${folder}: ${problem}. ${found === '' ? '' : `Found:\n${found}\n`}${fix}`);
    this.folder = folder;
    this.problem = problem;
    this.found = found;
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
        `Split with splitByPatient, or pass onSharedPatients: 'drop' to leave out these patients' images in training and validation.`,
    );
    this.patients = patients;
  }
}

/** A saved split and the samples it is applied to differ. Code `split-mismatch`. */
export class SplitMismatchError extends XrayError {
  /** The split file as the caller knows it. */
  readonly file: string;
  /** Ids of the split that no sample has. */
  readonly missing: readonly string[];
  /** Ids of samples that the split does not know. */
  readonly extra: readonly string[];

  constructor(details: { file: string; missing: readonly string[]; extra: readonly string[] }) {
    const { file, missing, extra } = details;
    const differences = [
      ...(missing.length > 0 ? [`${missing.length} of its images are not there (${firstOf(missing)})`] : []),
      ...(extra.length > 0 ? [`${extra.length} images are not in it (${firstOf(extra)})`] : []),
    ];
    super(
      'split-mismatch',
      `${file}: the split was made for other images: ${
        differences.length > 0
          ? differences.join(', and ')
          : 'the ids are the same, but findings or patients differ'
      }. Use it with the dataset, the layout and the limit it was made with, or make a new split.`,
    );
    this.file = file;
    this.missing = missing;
    this.extra = extra;
  }
}

function firstOf(ids: readonly string[]): string {
  return `${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ', …' : ''}`;
}
