import { parseDicomFile } from './dicom-file.js';

/** What a DICOM file says about whose image it is and how it was taken. Personal data: do not log it. */
export interface DicomFacts {
  /** Patient ID (0010,0020); `undefined` if absent or blank, as in anonymised files. */
  readonly patientId: string | undefined;
  /** View position (0018,5101), for example `PA`, `AP` or `LL`; `undefined` if absent or blank. */
  readonly view: string | undefined;
  /** Modality (0008,0060), for example `DX` or `CR`; `undefined` if absent or blank. */
  readonly modality: string | undefined;
}

/**
 * Reads patient, view and modality from the tags, without the pixels.
 *
 * @param name - What errors call the file.
 * @throws {FileError} If the bytes are no DICOM file, or end within these tags.
 */
export function readDicomFacts(bytes: Uint8Array, name = 'DICOM file'): DicomFacts {
  const elements = parseDicomFile(bytes, name, 'x00185101');
  const text = (tag: string) => elements.string(tag)?.replaceAll('\0', '').trim() || undefined;
  return { patientId: text('x00100020'), view: text('x00185101'), modality: text('x00080060') };
}
