import { FileError } from 'xray-core';
import { type DataSet, TAGS } from './data-set.js';
import { firstItem } from './read-elements.js';

/** @internal Maps a value after the modality transform to a display level in `[0, 1]`. */
export type DisplayCurve = (value: number) => number;

/** @internal Maps stored values to the values of the modality: a lookup table, or slope and intercept. */
export function modalityTransform(
  elements: DataSet,
  name: string,
  isSigned: boolean,
): (stored: number) => number {
  const table = readTable(elements, TAGS.ModalityLUTSequence, name, isSigned);
  if (table) return (stored) => table.levels[table.indexOf(stored)]!;
  const slope = elements.number(TAGS.RescaleSlope) ?? 1;
  const intercept = elements.number(TAGS.RescaleIntercept) ?? 0;
  return (stored) => stored * slope + intercept;
}

/**
 * @internal The display curve a file asks for: its VOI lookup table, else its first window.
 *
 * @returns `undefined` if it has neither, or a window without width.
 * @see DICOM PS3.3 C.11.2.1.2 and C.11.2.1.3
 */
export function displayCurve(elements: DataSet, name: string, isSigned: boolean): DisplayCurve | undefined {
  const table = readTable(elements, TAGS.VOILUTSequence, name, isSigned);
  if (table) {
    const top = 2 ** table.bits - 1;
    return (value) => table.levels[table.indexOf(Math.round(value))]! / top;
  }
  const center = elements.number(TAGS.WindowCenter);
  const width = elements.number(TAGS.WindowWidth);
  if (center === undefined || width === undefined) return undefined;
  const kind = elements.text(TAGS.VOILUTFunction)?.toUpperCase() ?? 'LINEAR';
  if (!(width > 0 && (kind !== 'LINEAR' || width >= 1))) return undefined; // writers fill in 0 where they have none
  if (kind === 'LINEAR') return linear(center - 0.5, width - 1);
  if (kind === 'LINEAR_EXACT') return linear(center, width);
  if (kind === 'SIGMOID') return (value) => 1 / (1 + Math.exp((-4 * (value - center)) / width));
  throw new FileError({
    file: name,
    problem: `is a DICOM file with a VOI function ${kind}, expected LINEAR, LINEAR_EXACT or SIGMOID`,
  });
}

/** @internal 0 up to `center - width / 2`, 1 from `center + width / 2`; a step where the width is 0. */
export function linear(center: number, width: number): DisplayCurve {
  const low = center - width / 2;
  return (value) => (value <= low ? 0 : value > low + width ? 1 : (value - low) / width);
}

interface Table {
  readonly levels: ArrayLike<number>;
  readonly bits: number;
  /** Entry of a value; those outside the table take its ends. */
  indexOf(value: number): number;
}

/** First lookup table of a sequence; its descriptor is `[entries, first value, bits per entry]`. */
function readTable(elements: DataSet, sequence: number, name: string, isSigned: boolean): Table | undefined {
  const item = firstItem(elements, sequence);
  if (!item) return undefined;
  const entries = item.uint16(TAGS.LUTDescriptor, 0) || 65536; // 0 stands for 2 ** 16, which 16 bits cannot hold
  const vr = item.elements.get(TAGS.LUTDescriptor)?.vr ?? (isSigned ? 'SS' : 'US'); // implicit VR does not say
  const first = (vr === 'SS' ? item.int16(TAGS.LUTDescriptor, 1) : item.uint16(TAGS.LUTDescriptor, 1)) ?? 0;
  const bits = item.uint16(TAGS.LUTDescriptor, 2) ?? 16;
  const { offset, length = 0 } = item.elements.get(TAGS.LUTData) ?? { offset: 0 };
  const isPacked = bits <= 8 && length < entries * 2; // two 8-bit entries per word
  if (bits < 1 || bits > 16 || length < entries * (isPacked ? 1 : 2)) {
    throw new FileError({
      file: name,
      problem: `is a DICOM file whose lookup table has ${length} bytes, expected ${entries} entries of ${bits} bits`,
    });
  }
  const levels = Uint16Array.from({ length: entries }, (_, index) =>
    isPacked ? item.bytes[offset + index]! : item.uint16(TAGS.LUTData, index)!,
  );
  return { levels, bits, indexOf: (value) => Math.min(entries - 1, Math.max(0, value - first)) };
}
