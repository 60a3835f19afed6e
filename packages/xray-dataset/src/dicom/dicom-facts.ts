import { TAGS } from './data-set.js';
import { type DicomFile, parseDicomFile } from './dicom-file.js';

/** What a DICOM file says about whose image it is and how it was taken. Personal data: do not log it. */
export interface DicomFacts {
  /** Patient ID (0010,0020); `undefined` if absent or blank, as in anonymised files. */
  readonly patientId: string | undefined;
  /** View position (0018,5101), for example `PA`, `AP` or `LL`; `undefined` if absent or blank. */
  readonly view: string | undefined;
  /** Modality (0008,0060), for example `DX` or `CR`; `undefined` if absent or blank. */
  readonly modality: string | undefined;
  /** Body part examined (0018,0015), for example `CHEST` or `HIP`; `undefined` if absent or blank. */
  readonly bodyPart: string | undefined;
}

/**
 * Reads patient, view, modality and body part from the tags, without the pixels.
 *
 * @param bytes - Of the file, or its start as far as these tags go.
 * @param name - What errors call the file.
 * @throws {FileError} If the bytes are no DICOM file, or end within these tags.
 */
export function readDicomFacts(bytes: Uint8Array, name = 'DICOM file'): DicomFacts {
  return factsOf(parseDicomFile(bytes, name, { until: LAST_OF_FACTS }));
}

/** @internal Behind it, a file has no facts. */
export const LAST_OF_FACTS = TAGS.ViewPosition;

/** @internal Facts of a file that was read as far as `LAST_OF_FACTS`. */
export function factsOf({ dataSet }: DicomFile): DicomFacts {
  return {
    patientId: dataSet.text(TAGS.PatientID),
    view: dataSet.text(TAGS.ViewPosition),
    modality: dataSet.text(TAGS.Modality),
    bodyPart: dataSet.text(TAGS.BodyPartExamined),
  };
}
