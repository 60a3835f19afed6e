import dicomParser, { type DataSet } from 'dicom-parser';
import { inflateSync } from 'fflate';
import { FileError } from 'xray-core';

const PREAMBLE = 128;
/** More than any radiograph takes; a deflated file that grows beyond it is broken or hostile. */
const MOST_INFLATED_BYTES = 1 << 30;

/**
 * Whether bytes are a DICOM file, whatever its name: `DICM` after a preamble of 128 bytes.
 *
 * @param bytes - The first 132 bytes are enough.
 */
export function isDicom(bytes: Uint8Array): boolean {
  return (
    bytes.length >= PREAMBLE + 4 && String.fromCharCode(...bytes.subarray(PREAMBLE, PREAMBLE + 4)) === 'DICM'
  );
}

/**
 * @internal The elements of a DICOM file. The parser's own errors carry every element read so far, patient and all, so
 * only their text is passed on.
 *
 * @param untilTag - Stops after this element, for example `x00280010`.
 */
export function parseDicomFile(bytes: Uint8Array, name: string, untilTag?: string): DataSet {
  if (!isDicom(bytes)) throw new FileError({ file: name, problem: 'is not a DICOM file' });
  try {
    const data = dicomParser.parseDicom(bytes, {
      ...(untilTag ? { untilTag } : {}),
      inflater: inflateDataSet,
    } as Parameters<typeof dicomParser.parseDicom>[1]);
    const last = untilTag === undefined ? undefined : data.elements[untilTag]; // the parser did not look beyond its head
    if (last && last.dataOffset + last.length > data.byteArray.length) throw new Error('it ends too early');
    return data;
  } catch (error) {
    const { exception, message } = error as { exception?: unknown; message?: unknown };
    const text = String(exception ?? message ?? error).replace(/^dicomParser[.:]/, '');
    throw new FileError({ file: name, problem: `is a truncated or corrupt DICOM file (${text})` });
  }
}

/** Deflated transfer syntax: everything after the meta header is compressed. */
function inflateDataSet(bytes: Uint8Array, position: number): Uint8Array {
  const compressed = bytes.subarray(position);
  const inflated = inflateSync(compressed);
  if (inflated.length > MOST_INFLATED_BYTES) throw new Error('its deflated content is too large');
  const whole = new Uint8Array(position + inflated.length);
  whole.set(bytes.subarray(0, position));
  whole.set(inflated, position);
  return whole;
}
