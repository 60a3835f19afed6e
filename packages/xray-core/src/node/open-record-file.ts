import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { FileError, InvalidArgumentError, throwIfAborted } from '../errors.js';
import { yieldToEventLoop } from '../yield-to-event-loop.js';
import {
  CHECKSUM_BYTES,
  checksumOf,
  FORMAT,
  LEAD,
  RecordFileError,
  type RecordFooter,
  type RecordKind,
  type RecordSpec,
  recordOffsets,
  TRAILER_BYTES,
} from './record-layout.js';

/** An open file of records. Reading touches the bytes of the records that are asked for, and no others. */
export interface RecordFile extends RecordSpec {
  readonly file: string;
  /** What `createRecordFile` got as facts. */
  readonly facts: unknown;
  /** Whether a place holds a record. */
  has(index: number): boolean;
  /** SHA-256 of a record as hex, as it was written. */
  checksumAt(index: number): string;
  /**
   * @param into - `recordBytes` long. @default a new array
   * @returns `into`
   * @throws {InvalidArgumentError} If the place is empty or outside the file, or `into` has another length.
   * @throws {RecordFileError} `damaged`, if the record is not as it was written.
   */
  readRecord(index: number, into?: Uint8Array): Uint8Array;
  /**
   * Reads records in the order given; neighbours in one go.
   *
   * @param into - `indices.length * recordBytes` long. @default a new array
   * @returns `into`
   * @throws As `readRecord` does.
   */
  readRecords(indices: readonly number[], into?: Uint8Array): Uint8Array;
  /**
   * Compares every record with its checksum: about a second per gigabyte that the system has in memory.
   *
   * @throws {RecordFileError} `damaged`, at the first one that differs.
   * @throws {AbortedError} If `signal` fires.
   */
  verify(options?: { signal?: AbortSignal | undefined }): Promise<void>;
  /** Nothing can be read afterwards. */
  close(): void;
}

/**
 * Opens what `createRecordFile` made. Size, kind, version, key and the table of checksums are checked here; a record when
 * it is read, or all of them by `verify`.
 *
 * @throws {RecordFileError} If the file is missing, holds other records, is truncated or corrupt, or of another program:
 *   see its `reason`.
 * @throws {FileError} If the file system refuses.
 *
 * @example
 * const records = openRecordFile('features.bin', { kind: 'features', version: 1, key });
 * const batch = new Float32Array(32 * 2048);
 * records.readRecords(indices, new Uint8Array(batch.buffer));
 * records.close();
 */
export function openRecordFile(file: string, expected: RecordKind): RecordFile {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new RecordFileError({ file, reason: 'missing', problem: 'does not exist', cause: error });
    throw new FileError({ file, problem: 'could not be read', cause: error });
  }
  try {
    return recordsIn(descriptor, file, readFooter(descriptor, file, expected));
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function readFooter(descriptor: number, file: string, expected: RecordKind): RecordFooter {
  const size = fstatSync(descriptor).size;
  const lead = readAt(descriptor, file, 0, Math.min(size, LEAD.length)).toString('latin1');
  const trailerAt = Math.max(0, size - TRAILER_BYTES);
  const trailer = readAt(descriptor, file, trailerAt, size - trailerAt).toString('latin1');
  const [format, length, footerHash] = trailer.trimEnd().split(' ');
  if (!LEAD.startsWith(lead) && format !== FORMAT)
    throw new RecordFileError({ file, reason: 'foreign', problem: 'is not a file of records' });
  const footerAt = trailerAt - Number(length);
  if (lead !== LEAD || format !== FORMAT || !(footerAt >= 0))
    throw damaged(file, 'its beginning or end is missing');
  const bytes = readAt(descriptor, file, footerAt, Number(length));
  if (checksumOf(bytes).toString('hex') !== footerHash) throw damaged(file, 'its footer');
  const footer = JSON.parse(bytes.toString('utf8')) as RecordFooter;
  checkKind(file, footer, expected);
  if (recordOffsets(footer).footer !== footerAt) throw damaged(file, 'its size');
  return footer;
}

function checkKind(file: string, footer: RecordFooter, { kind, version, key }: RecordKind): void {
  if (footer.kind === kind && footer.version === version && footer.key === key) return;
  const isOtherKind = footer.kind !== kind || footer.version !== version;
  const problem = isOtherKind
    ? `holds ${footer.kind} version ${footer.version}, expected ${kind} version ${version}`
    : `was made of other inputs or options (key ${footer.key}, expected ${key})`;
  throw new RecordFileError({ file, reason: 'outdated', problem });
}

function recordsIn(descriptor: number, file: string, footer: RecordFooter): RecordFile {
  const { kind, version, key, recordBytes, count, facts } = footer;
  const offsets = recordOffsets(footer);
  const table = readAt(descriptor, file, offsets.table, count * CHECKSUM_BYTES);
  if (checksumOf(table).toString('hex') !== footer.checksums) throw damaged(file, 'its table of checksums');
  const checksum = (index: number) => table.subarray(index * CHECKSUM_BYTES, (index + 1) * CHECKSUM_BYTES);
  const has = (index: number): boolean =>
    Number.isInteger(index) && index >= 0 && index < count && checksum(index).some((byte) => byte !== 0);

  function readRun(first: number, records: number, into: Uint8Array): void {
    readInto(descriptor, file, offsets.record(first), into);
    for (let record = 0; record < records; record++) {
      const one = into.subarray(record * recordBytes, (record + 1) * recordBytes);
      if (!checksumOf(one).equals(checksum(first + record))) throw damaged(file, `record ${first + record}`);
    }
  }

  function readRecords(
    indices: readonly number[],
    into: Uint8Array = new Uint8Array(indices.length * recordBytes),
  ): Uint8Array {
    for (const index of indices) checkIndex(index);
    checkLength(into, indices.length * recordBytes);
    for (let from = 0; from < indices.length; ) {
      const first = indices[from]!;
      let records = 1;
      while (indices[from + records] === first + records) records++;
      readRun(first, records, into.subarray(from * recordBytes, (from + records) * recordBytes));
      from += records;
    }
    return into;
  }

  async function verify({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    const perRead = Math.max(1, Math.floor(VERIFY_BYTES / recordBytes));
    for (let first = 0; first < count; first += perRead) {
      await yieldToEventLoop();
      throwIfAborted(signal, 'Checking the records');
      const places = Array.from({ length: Math.min(perRead, count - first) }, (_, place) => first + place);
      readRecords(places.filter(has));
    }
  }

  function checkIndex(index: number): void {
    if (has(index)) return;
    throw new InvalidArgumentError({
      argument: 'index',
      expected: `the place of a record, from 0 to ${count - 1} and not left empty`,
      received: index,
    });
  }

  return {
    ...{ file, kind, version, key, recordBytes, count, facts, has, readRecords, verify },
    checksumAt(index) {
      checkIndex(index);
      return checksum(index).toString('hex');
    },
    readRecord: (index, into) => readRecords([index], into),
    close: () => closeSync(descriptor),
  };
}

/** Enough that calls do not count, little enough for any memory. */
const VERIFY_BYTES = 2 ** 20;

function checkLength(into: Uint8Array, bytes: number): void {
  if (into.byteLength === bytes) return;
  const expected = `${bytes} bytes long`;
  throw new InvalidArgumentError({ argument: 'into', expected, received: into.byteLength });
}

function readAt(descriptor: number, file: string, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  readInto(descriptor, file, position, bytes);
  return bytes;
}

function readInto(descriptor: number, file: string, position: number, into: Uint8Array): void {
  for (let read = 0; read < into.byteLength; ) {
    let count: number;
    try {
      count = readSync(descriptor, into, read, into.byteLength - read, position + read);
    } catch (error) {
      throw new FileError({ file, problem: 'could not be read', cause: error });
    }
    if (count === 0) throw damaged(file, 'it ends too early');
    read += count;
  }
}

function damaged(file: string, detail: string): RecordFileError {
  const problem = `is truncated or corrupt (${detail})`;
  return new RecordFileError({ file, reason: 'damaged', problem });
}
