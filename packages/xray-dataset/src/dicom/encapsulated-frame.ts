import { FileError } from 'xray-core';
import { type DataSet, TAGS } from './data-set.js';
import type { DicomHeader } from './dicom-header.js';
import { readItems } from './read-elements.js';

/** A piece of a compressed frame. */
interface Fragment {
  /** From the first fragment's start, as in offset tables. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * @internal The code stream of the wanted frame, however many fragments it was cut into.
 *
 * @throws {FileError} If fragments are missing or corrupt, or nothing says which of them make up the frame.
 * @see DICOM PS3.5, A.4
 */
export function encapsulatedFrame(
  elements: DataSet,
  { frame, frames }: DicomHeader,
  name: string,
): Uint8Array {
  const [table, ...fragments] = itemsOf(elements, name);
  if (table === undefined || fragments.length === 0) {
    throw new FileError({ file: name, problem: 'is a DICOM file whose compressed pixels are missing' });
  }
  if (frames === 1) return join(fragments);
  if (fragments.length === frames) return fragments[frame]!.bytes;
  const starts = [extendedOffsets(elements), basicOffsets(table.bytes), startsOfImages(fragments)].find(
    (offsets) => offsets.length === frames,
  );
  if (starts === undefined) {
    throw new FileError({
      file: name,
      problem: `is a DICOM file whose ${fragments.length} compressed fragments do not say which of its ${frames} frames they belong to`,
      fix: 'Export one frame per file.',
    });
  }
  const [from, to = Number.POSITIVE_INFINITY] = starts.slice(frame, frame + 2);
  return join(fragments.filter(({ offset }) => offset >= from! && offset < to));
}

function itemsOf(elements: DataSet, name: string): Fragment[] {
  try {
    const items = readItems(elements, elements.elements.get(TAGS.PixelData)!);
    const first = items[1]?.offset ?? 0;
    return items.map(({ offset, bytes }) => ({ offset: offset - first, bytes }));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new FileError({ file: name, problem: `is a truncated or corrupt DICOM file (${text})` });
  }
}

function basicOffsets(table: Uint8Array): number[] {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  return Array.from({ length: table.length >> 2 }, (_, frame) => view.getUint32(4 * frame, true));
}

function extendedOffsets({ bytes, elements }: DataSet): number[] {
  const { offset, length = 0 } = elements.get(TAGS.ExtendedOffsetTable) ?? { offset: 0 };
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, length);
  return Array.from({ length: length >> 3 }, (_, frame) => Number(view.getBigUint64(8 * frame, true)));
}

/** Where a JPEG, JPEG-LS or JPEG 2000 image begins, for files without offsets. */
function startsOfImages(fragments: readonly Fragment[]): number[] {
  return fragments
    .filter(({ bytes }) => bytes[0] === 0xff && (bytes[1] === 0xd8 || bytes[1] === 0x4f))
    .map(({ offset }) => offset);
}

function join(fragments: readonly Fragment[]): Uint8Array {
  if (fragments.length === 1) return fragments[0]!.bytes;
  const whole = new Uint8Array(fragments.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { bytes } of fragments) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}
