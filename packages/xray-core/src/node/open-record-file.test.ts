import { createHash } from 'node:crypto';
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AbortedError, FileError, InvalidArgumentError } from '../errors.js';
import { createRandom } from '../random.js';
import { createRecordFile } from './create-record-file.js';
import { openRecordFile } from './open-record-file.js';
import { RecordFileError } from './record-layout.js';

const kind = { kind: 'xray-test', version: 3, key: 'made of this' };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-records-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Where the first record lies. */
const START = 'XRAYRECORDS1\n'.length;

/** The bytes of a place: all places differ, in every byte order. */
const recordOf = (index: number, bytes: number) =>
  Uint8Array.from({ length: bytes }, (_, at) => (index * 37 + at * 11 + 1) % 256);

async function written(name: string, count: number, recordBytes: number, empty: readonly number[] = []) {
  const file = join(folder, name);
  await createRecordFile(file, { ...kind, count, recordBytes }, async (put) => {
    const places = Array.from({ length: count }, (_, index) => index).filter(
      (index) => !empty.includes(index),
    );
    const order = createRandom(count).shuffle(places);
    await Promise.all(order.map((index) => put(index, recordOf(index, recordBytes))));
    return { names: ['é', 'b'] };
  });
  return file;
}

function problemOf(work: () => unknown): RecordFileError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(RecordFileError);
    return error as RecordFileError;
  }
  throw new Error('expected a RecordFileError');
}

describe('createRecordFile and openRecordFile', () => {
  it.each([
    [1, 1],
    [7, 5],
    [64, 300],
    [5, 7_001],
  ])('give %i records of %i bytes back, written in any order, read in any', async (count, recordBytes) => {
    const records = openRecordFile(await written('any', count, recordBytes), kind);
    expect(records).toMatchObject({ ...kind, count, recordBytes, facts: { names: ['é', 'b'] } });
    const random = createRandom(recordBytes);
    for (let draw = 0; draw < 10; draw++) {
      const indices = Array.from({ length: 1 + random.integer(0, 12) }, () => random.integer(0, count));
      const expected = Buffer.concat(indices.map((index) => recordOf(index, recordBytes)));
      expect(Buffer.from(records.readRecords(indices)).equals(expected)).toBe(true);
      expect(records.readRecord(indices[0]!)).toEqual(recordOf(indices[0]!, recordBytes));
    }
    const inOrder = Array.from({ length: count }, (_, index) => index);
    const all = Buffer.concat(inOrder.map((index) => recordOf(index, recordBytes)));
    expect(Buffer.from(records.readRecords(inOrder)).equals(all)).toBe(true);
    expect(records.checksumAt(0)).toBe(createHash('sha256').update(recordOf(0, recordBytes)).digest('hex'));
    await records.verify();
    records.close();
  });

  it('take neighbours in one call and read floats into place', async () => {
    const file = join(folder, 'floats');
    const rows = Float32Array.from({ length: 12 }, (_, at) => at / 3);
    await createRecordFile(file, { ...kind, count: 4, recordBytes: 12 }, async (put) => {
      await put(1, new Uint8Array(rows.buffer, 12, 36));
      await put(0, new Uint8Array(rows.buffer, 0, 12));
      return null;
    });
    const records = openRecordFile(file, kind);
    const into = new Float32Array(8);
    records.readRecords([3, 0], new Uint8Array(into.buffer, 4, 24));
    expect([...into]).toEqual([0, ...rows.subarray(9), ...rows.subarray(0, 3), 0]);
    records.close();
  });

  it('keep places empty, and say so', async () => {
    const records = openRecordFile(await written('holes', 6, 4, [0, 3, 5]), kind);
    expect([0, 1, 2, 3, 4, 5, 6, -1, 1.5].map(records.has)).toEqual([
      ...[false, true, true, false, true, false],
      ...[false, false, false],
    ]);
    for (const index of [0, 3, 6, -1]) {
      expect(() => records.readRecord(index)).toThrow(InvalidArgumentError);
      expect(() => records.checksumAt(index)).toThrow(/from 0 to 5 and not left empty\. Received: /);
    }
    expect(() => records.readRecord(1, new Uint8Array(5))).toThrow(
      '`into` must be 4 bytes long. Received: 5.',
    );
    await records.verify();
    records.close();
  });

  it('write nothing that does not fit or was written before, and leave no file behind then', async () => {
    const make = (first: number, bytes: number) =>
      createRecordFile(join(folder, 'empty', 'bad'), { ...kind, count: 4, recordBytes: 3 }, async (put) => {
        await put(1, new Uint8Array(3));
        await put(first, new Uint8Array(bytes));
      });
    for (const [first, bytes] of [
      [2, 2],
      [2, 9],
      [4, 3],
      [2, 0],
    ] as const)
      await expect(make(first, bytes)).rejects.toThrow(/whole records of 3 bytes that fit behind place/);
    await expect(make(0, 6)).rejects.toThrow(/not written before\. Received: 1\./);
    await expect(make(-1, 3)).rejects.toThrow(/`first` must be a whole number from 0 up/);
    expect(await readdir(join(folder, 'empty'))).toEqual([]);
  });

  it('detect a truncation at every length and a flip of every byte, and give no record that differs', async () => {
    const file = await written('damaged', 5, 9, [2]);
    const content = await readFile(file);
    const emptyPlace = { from: START + 2 * 9, to: START + 3 * 9 };
    const check = async () => {
      const records = openRecordFile(file, kind);
      try {
        await records.verify();
      } finally {
        records.close();
      }
    };
    for (let length = 0; length < content.length; length++) {
      await writeFile(file, content.subarray(0, length));
      await expect(check(), `${length} bytes`).rejects.toMatchObject({ reason: 'damaged' });
    }
    for (let at = 0; at < content.length; at++) {
      const flipped = Buffer.from(content);
      flipped[at]! ^= 4;
      await writeFile(file, flipped);
      if (at >= emptyPlace.from && at < emptyPlace.to) await check();
      else await expect(check(), `byte ${at}`).rejects.toMatchObject({ reason: 'damaged', code: 'bad-file' });
    }
  });

  it('read and check only the records asked for', async () => {
    const file = await written('one-bad', 5, 9);
    const handle = await open(file, 'r+');
    await handle.write(Uint8Array.of(0), 0, 1, START + 3 * 9);
    await handle.close();
    const records = openRecordFile(file, kind);
    expect(records.readRecords([0, 1, 2, 4])).toHaveLength(36);
    expect(problemOf(() => records.readRecords([2, 3])).message).toMatch(
      /one-bad: is truncated or corrupt \(record 3\)\. Make it again/,
    );
    await expect(records.verify()).rejects.toThrow(RecordFileError);
    await expect(records.verify({ signal: AbortSignal.abort() })).rejects.toThrow(AbortedError);
    records.close();
  });

  it('tell apart what is missing, outdated and foreign', async () => {
    const file = await written('known', 2, 3);
    const missing = problemOf(() => openRecordFile(join(folder, 'none'), kind));
    expect([missing.reason, missing.message]).toEqual([
      'missing',
      `${join(folder, 'none')}: does not exist. Make it first.`,
    ]);
    for (const other of [{ kind: 'xray-other' }, { version: 4 }]) {
      const outdated = problemOf(() => openRecordFile(file, { ...kind, ...other }));
      expect(outdated.reason).toBe('outdated');
      expect(outdated.message).toMatch(/holds xray-test version 3, expected xray-\w+ version \d/);
    }
    expect(problemOf(() => openRecordFile(file, { ...kind, key: 'that' })).message).toMatch(
      /made of other inputs or options \(key made of this, expected that\)/,
    );
    const foreign = join(folder, 'notes.txt');
    for (const text of ['hello', 'some text, longer than any end of a record file '.repeat(9)]) {
      await writeFile(foreign, text);
      expect(problemOf(() => openRecordFile(foreign, kind)).reason).toBe('foreign');
    }
    expect(() => openRecordFile(folder, kind)).toThrow(FileError);
  });
});
