import { inflateSync } from 'fflate';
import { FileError } from 'xray-core';
import { DataSet, type Encoding, TAGS } from './data-set.js';
import { EndOfBytesError, readElements } from './read-elements.js';

const PREAMBLE = 128;
const PREFIX = 'DICM';
const META: Encoding = { isExplicit: true, isLittleEndian: true };
const META_END = 0x0002_ffff;
/** More than any radiograph takes; a deflated file that grows beyond it is broken or hostile. */
const MOST_INFLATED_BYTES = 1 << 30;
const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const BIG_ENDIAN = '1.2.840.10008.1.2.2';
const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';

/** @internal Enough of a file for `isDicom`. */
export const RECOGNISED_BY_BYTES = 1024;

/** @internal The elements of a DICOM file. */
export interface DicomFile {
  readonly dataSet: DataSet;
  /** UID of how elements and pixels are encoded; that of the elements where the file does not say. */
  readonly transferSyntax: string;
  /** Whether it is a `DICOMDIR`, the index of a medium, which is no image. */
  readonly isDirectory: boolean;
}

/**
 * Whether bytes are a DICOM file, whatever its name: with `DICM` after a preamble of 128 bytes, or without the preamble.
 *
 * @param bytes - The first 1,024 bytes are enough.
 */
export function isDicom(bytes: Uint8Array): boolean {
  return startOf(bytes) !== undefined;
}

/**
 * @internal Reads the elements of a DICOM file.
 *
 * @param until - Stops at this tag, or where it would be. @default the pixels
 * @throws {FileError} If it is none, or corrupt. It never holds values of elements, patient and all.
 * @throws {EndOfBytesError} If `isHead` and more bytes are needed.
 */
export function parseDicomFile(
  bytes: Uint8Array,
  name: string,
  {
    until = TAGS.PixelData,
    isHead = false,
  }: { until?: number | undefined; isHead?: boolean | undefined } = {},
): DicomFile {
  const start = startOf(bytes);
  if (start === undefined) throw new FileError({ file: name, problem: 'is not a DICOM file' });
  try {
    const meta = readElements(bytes, start, META, { until: META_END });
    const named = meta.dataSet.text(TAGS.TransferSyntaxUID);
    const transferSyntax = named ?? (hasRepresentation(bytes, meta.end) ? EXPLICIT : IMPLICIT);
    const isDirectory = meta.dataSet.text(TAGS.MediaStorageSOPClassUID) === MEDIA_STORAGE_DIRECTORY;
    if (isHead && transferSyntax === DEFLATED) throw new EndOfBytesError(Number.POSITIVE_INFINITY);
    const whole = transferSyntax === DEFLATED ? inflateDataSet(bytes, meta.end) : bytes;
    const at = transferSyntax === DEFLATED ? 0 : meta.end;
    const encoding = {
      // Files that claim to be implicit and are not are common enough for pydicom to look.
      isExplicit: transferSyntax !== IMPLICIT || hasRepresentation(whole, at),
      isLittleEndian: transferSyntax !== BIG_ENDIAN,
    };
    const { dataSet } = isDirectory
      ? { dataSet: new DataSet(whole, encoding, new Map()) }
      : readElements(whole, at, encoding, { until });
    return { dataSet, transferSyntax, isDirectory };
  } catch (error) {
    if (isHead && error instanceof EndOfBytesError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw new FileError({ file: name, problem: `is a truncated or corrupt DICOM file (${text})` });
  }
}

/** Where the elements begin; `undefined` if this is no DICOM file. */
function startOf(bytes: Uint8Array): number | undefined {
  const hasPrefix = (at: number) =>
    bytes.length >= at + PREFIX.length &&
    String.fromCharCode(...bytes.subarray(at, at + PREFIX.length)) === PREFIX;
  if (hasPrefix(PREAMBLE)) return PREAMBLE + PREFIX.length;
  if (hasPrefix(0)) return PREFIX.length;
  return startsWithElements(bytes) ? 0 : undefined;
}

/**
 * Whether bytes are elements of group 2 or 8 from the first byte on, as in files that were cut out of a network message or
 * written before there was a preamble: the first one is short and another one of a higher tag follows.
 */
function startsWithElements(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, RECOGNISED_BY_BYTES));
  if (view.byteLength < 16) return false;
  const tagAt = (at: number) => view.getUint16(at, true) * 0x1_0000 + view.getUint16(at + 2, true);
  const first = tagAt(0);
  const isFirst =
    (first >= 0x0002_0000 && first <= 0x0002_0102) || (first >= 0x0008_0000 && first <= 0x0008_0070);
  const isExplicit = hasRepresentation(bytes, 0);
  if (!isFirst || (first < 0x0008_0000 && !isExplicit)) return false;
  const isLong = isExplicit && String.fromCharCode(bytes[4]!, bytes[5]!) === 'OB'; // version of the meta elements
  const length = isLong
    ? view.getUint32(8, true)
    : isExplicit
      ? view.getUint16(6, true)
      : view.getUint32(4, true);
  const next = (isLong ? 12 : 8) + length;
  return length % 2 === 0 && next + 4 <= view.byteLength && tagAt(next) > first && tagAt(next) <= 0x0010_ffff;
}

const REPRESENTATION = /^(A[EST]|CS|D[AST]|F[DL]|IS|L[OT]|O[BDFLVW]|PN|S[HLQSTV]|TM|U[CILNRSTV])$/;

/** Whether the element there names a value representation. */
function hasRepresentation(bytes: Uint8Array, at: number): boolean {
  return REPRESENTATION.test(String.fromCharCode(bytes[at + 4] ?? 0, bytes[at + 5] ?? 0));
}

/** Deflated transfer syntax: everything after the meta elements is compressed. */
function inflateDataSet(bytes: Uint8Array, position: number): Uint8Array {
  const inflated = inflateSync(bytes.subarray(position));
  if (inflated.length > MOST_INFLATED_BYTES) throw new Error('its deflated content is too large');
  return inflated;
}
