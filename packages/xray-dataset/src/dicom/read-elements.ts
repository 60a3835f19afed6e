import { DataSet, type DicomElement, type Encoding, TAGS } from './data-set.js';

/** @internal The bytes end where more are needed. */
export class EndOfBytesError extends Error {
  /** @param needed - How many bytes there should be at least. */
  constructor(readonly needed: number) {
    super('it ends too early');
  }
}

/** Value representations with a length of four bytes. */
const LONG = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const UNDEFINED_LENGTH = 0xffff_ffff;
const ITEM = 0xfffe_e000;
const ITEM_END = 0xfffe_e00d;
const SEQUENCE_END = 0xfffe_e0dd;
/** Sequences in sequences; more is no radiograph. */
const MOST_LEVELS = 32;
const IMPLICIT_LITTLE_ENDIAN: Encoding = { isExplicit: false, isLittleEndian: true };

/** @internal Elements and where the next one would begin. */
export interface ReadElements {
  readonly dataSet: DataSet;
  readonly end: number;
}

/**
 * @internal Reads the elements of a data set up to a tag, and never beyond the head of the pixels. Ours, because `dicom-parser`
 * reads on to the end of the file where that tag is missing, and does not know the representations OV, SV and UV.
 *
 * @param until - The last tag to read.
 * @throws {EndOfBytesError} If the bytes end before.
 * @see DICOM PS3.5, 7.1 and 7.5
 */
export function readElements(
  bytes: Uint8Array,
  start: number,
  encoding: Encoding,
  { until, end: limit = Number.POSITIVE_INFINITY }: { until: number; end?: number | undefined },
): ReadElements {
  const elements = new Map<number, DicomElement>();
  let at = start;
  while (at < Math.min(limit, bytes.length)) {
    const element = readHead(bytes, at, encoding);
    const { tag, offset, length } = element;
    if (tag > until || tag === ITEM_END) break;
    elements.set(tag, element);
    if (tag === TAGS.PixelData) break;
    at = length === undefined ? sequenceEnd(bytes, element, encoding, 0) : offset + length;
    if (at > bytes.length) throw new EndOfBytesError(at);
    if (tag === until) break;
  }
  return { dataSet: new DataSet(bytes, encoding, elements), end: at };
}

/** @internal Elements of the first item of a sequence. */
export function firstItem({ bytes, encoding, elements }: DataSet, tag: number): DataSet | undefined {
  const sequence = elements.get(tag);
  if (sequence === undefined || sequence.length === 0) return undefined;
  const item = readHead(bytes, sequence.offset, encoding);
  if (item.tag !== ITEM) return undefined;
  const end = item.length === undefined ? Number.POSITIVE_INFINITY : item.offset + item.length;
  return readElements(bytes, item.offset, encoding, { until: 0xffff_ffff, end }).dataSet;
}

/** @internal Values of the items of encapsulated pixel data; what ends the sequence may have any length, or be missing. */
export function readItems(
  { bytes, encoding }: DataSet,
  { offset, length }: DicomElement,
): { offset: number; bytes: Uint8Array }[] {
  const items: { offset: number; bytes: Uint8Array }[] = [];
  const end = length === undefined ? bytes.length : Math.min(bytes.length, offset + length);
  for (let at = offset; at + 8 <= end; ) {
    const item = readHead(bytes, at, encoding);
    if (item.tag === SEQUENCE_END) break;
    if (item.tag !== ITEM || item.length === undefined) throw new Error('its fragments are no items');
    const next = item.offset + item.length;
    if (next > bytes.length) throw new EndOfBytesError(next);
    items.push({ offset: at, bytes: bytes.subarray(item.offset, next) });
    at = next;
  }
  return items;
}

/** Tag, value representation and length of an element, or of an item, which has no representation. */
function readHead(bytes: Uint8Array, at: number, { isExplicit, isLittleEndian }: Encoding): DicomElement {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (at + 8 > bytes.length) throw new EndOfBytesError(at + 8);
  const tag = view.getUint16(at, isLittleEndian) * 0x1_0000 + view.getUint16(at + 2, isLittleEndian);
  const vr = String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!);
  const define = (length: number) => (length === UNDEFINED_LENGTH ? undefined : length);
  const isItem = tag === ITEM || tag === ITEM_END || tag === SEQUENCE_END;
  // Some writers leave the representation out of single elements although the file is an explicit one.
  if (!isExplicit || isItem || !/^[A-Z]{2}$/.test(vr)) {
    return { tag, vr: undefined, offset: at + 8, length: define(view.getUint32(at + 4, isLittleEndian)) };
  }
  if (!LONG.has(vr)) return { tag, vr, offset: at + 8, length: view.getUint16(at + 6, isLittleEndian) };
  if (at + 12 > bytes.length) throw new EndOfBytesError(at + 12);
  return { tag, vr, offset: at + 12, length: define(view.getUint32(at + 8, isLittleEndian)) };
}

/** Where a sequence of undefined length ends. */
function sequenceEnd(
  bytes: Uint8Array,
  { offset, vr }: DicomElement,
  encoding: Encoding,
  level: number,
): number {
  if (level === MOST_LEVELS) throw new Error('it holds sequences in sequences without end');
  const inside = vr === 'UN' ? IMPLICIT_LITTLE_ENDIAN : encoding; // PS3.5, 6.2.2, note 2
  for (let at = offset; ; ) {
    const item = readHead(bytes, at, inside);
    if (item.tag === SEQUENCE_END) return item.offset;
    if (item.tag !== ITEM) throw new Error('a sequence holds something else than items');
    at = item.length === undefined ? itemEnd(bytes, item, inside, level) : item.offset + item.length;
  }
}

function itemEnd(bytes: Uint8Array, item: DicomElement, encoding: Encoding, level: number): number {
  for (let at = item.offset; ; ) {
    const element = readHead(bytes, at, encoding);
    const { tag, offset, length } = element;
    if (tag === ITEM_END) return offset;
    at = length === undefined ? sequenceEnd(bytes, element, encoding, level + 1) : offset + length;
  }
}
