import type { FileHandle } from 'node:fs/promises';
import { InvalidArgumentError } from '../errors.js';
import { checkWholeNumber } from '../whole-number.js';
import { createFileAtomic } from './atomic-file.js';
import {
  CHECKSUM_BYTES,
  checksumOf,
  LEAD,
  type RecordFooter,
  type RecordSpec,
  recordOffsets,
  trailerOf,
} from './record-layout.js';

/**
 * Writes one record, or several neighbours at once, into their places. Calls may overlap and come in any order.
 *
 * @param first - Place of the first of them, from 0.
 * @param bytes - A whole number of records; not to be changed before the promise is kept.
 * @param isAgain - Whether they may replace what was written there before. @default false
 * @throws {InvalidArgumentError} If they do not fit, or a place was written before.
 */
export type PutRecords = (first: number, bytes: Uint8Array, isAgain?: boolean) => Promise<void>;

/**
 * Makes a file of records of one size, as large as the disk allows: memory holds what is being written and 32 bytes per
 * record. The file is there when it is whole, never before; several processes that make the same one do not disturb
 * each other. For `openRecordFile`.
 *
 * @param write - Puts the records and gives JSON facts to keep with them. Places it leaves out stay empty.
 * @throws {FileError} If the file system refuses; an older file is then still whole.
 * @throws {InvalidArgumentError} If a size is out of range. What `write` throws comes through as it is.
 *
 * @example
 * const spec = { kind: 'features', version: 1, key, recordBytes: 2048 * 4, count: samples.length };
 * await createRecordFile('features.bin', spec, async (put) => {
 *   for (const [index, row] of rows.entries()) await put(index, new Uint8Array(row.buffer));
 *   return { ids };
 * });
 */
export async function createRecordFile(
  file: string,
  spec: RecordSpec,
  write: (put: PutRecords) => Promise<unknown>,
): Promise<void> {
  const { kind, version, key, recordBytes, count } = spec;
  checkWholeNumber('recordBytes', recordBytes);
  checkWholeNumber('count', count);
  const offsets = recordOffsets(spec);
  const table = Buffer.alloc(count * CHECKSUM_BYTES);
  const isWritten = new Uint8Array(count);
  await createFileAtomic(file, async (handle) => {
    await writeAll(handle, Buffer.from(LEAD), 0);
    const facts = await write(async (first, bytes, isAgain = false) => {
      const records = bytes.byteLength / recordBytes;
      checkPlaces(first, records, spec, isAgain ? undefined : isWritten);
      isWritten.fill(1, first, first + records);
      for (let record = 0; record < records; record++) {
        const one = bytes.subarray(record * recordBytes, (record + 1) * recordBytes);
        table.set(checksumOf(one), (first + record) * CHECKSUM_BYTES);
      }
      await writeAll(handle, bytes, offsets.record(first));
    });
    const checksums = checksumOf(table).toString('hex');
    const footer: RecordFooter = { kind, version, key, recordBytes, count, facts, checksums };
    const end = Buffer.from(JSON.stringify(footer));
    const trailer = Buffer.from(trailerOf(end.byteLength, checksumOf(end).toString('hex')));
    await writeAll(handle, Buffer.concat([table, end, trailer]), offsets.table);
  });
}

function checkPlaces(
  first: number,
  records: number,
  { recordBytes, count }: RecordSpec,
  isWritten: Uint8Array | undefined,
): void {
  checkWholeNumber('first', first, 0);
  if (!Number.isSafeInteger(records) || records < 1 || first + records > count) {
    throw new InvalidArgumentError({
      argument: 'bytes',
      expected: `whole records of ${recordBytes} bytes that fit behind place ${first} of ${count}`,
      received: records * recordBytes,
    });
  }
  const twice = isWritten?.subarray(first, first + records).indexOf(1) ?? -1;
  if (twice >= 0) {
    throw new InvalidArgumentError({
      argument: 'first',
      expected: 'places that were not written before',
      received: first + twice,
    });
  }
}

/** One call may write less than all. */
async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.byteLength; ) {
    const left = bytes.byteLength - written;
    written += (await handle.write(bytes, written, left, position + written)).bytesWritten;
  }
}
