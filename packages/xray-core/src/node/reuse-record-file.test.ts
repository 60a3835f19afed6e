import { mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AbortedError } from '../errors.js';
import { createRecordFile } from './create-record-file.js';
import { RecordFileError } from './record-layout.js';
import { reuseRecordFile } from './reuse-record-file.js';

const kind = { kind: 'xray-test', version: 1, key: 'a' };
let folder: string;
let file: string;
let made: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-reuse-'));
  file = join(folder, 'cache', 'records');
  made = 0;
});
afterEach(() => rm(folder, { recursive: true }));

/** Makes 4 records of 3 bytes if needed, reads one, closes; tells why it was made. */
async function use(expected = kind, signal?: AbortSignal) {
  const make = () =>
    createRecordFile(file, { ...expected, recordBytes: 3, count: 4 }, async (put) => {
      made++;
      await put(
        0,
        Uint8Array.from({ length: 12 }, (_, at) => at),
      );
    });
  const { records, madeBecause } = await reuseRecordFile(file, expected, make, { signal });
  expect([...records.readRecord(2)]).toEqual([6, 7, 8]);
  records.close();
  return madeBecause;
}

describe('reuseRecordFile', () => {
  it('makes a file once, and again when it is outdated, truncated or corrupt', async () => {
    expect([await use(), await use(), made]).toEqual(['missing', undefined, 1]);
    const next = { ...kind, key: 'b' };
    expect([await use(next), await use(next), made]).toEqual(['outdated', undefined, 2]);
    await truncate(file, 40);
    expect([await use(next), await use(next), made]).toEqual(['damaged', undefined, 3]);
    const content = await readFile(file);
    content[20]! ^= 1;
    await writeFile(file, content);
    expect([await use(next), await use(next), made]).toEqual(['damaged', undefined, 4]);
  });

  it('lets runs that need the same file at the same time all have it', async () => {
    const reasons = await Promise.all(Array.from({ length: 8 }, () => use()));
    expect(reasons).toContain('missing');
    expect(await readdir(join(folder, 'cache'))).toEqual(['records']);
    expect(await use()).toBeUndefined();
  });

  it("does not overwrite another program's file", async () => {
    await use();
    await writeFile(file, 'notes');
    await expect(use()).rejects.toThrow(/records: is not a file of records\. Choose another name/);
    await expect(use()).rejects.toThrow(RecordFileError);
    expect(await readFile(file, 'utf8')).toBe('notes');
  });

  it('removes what killed processes left, a day later', async () => {
    await use();
    const place = (name: string) => join(folder, 'cache', name);
    const names = ['.records.01234567.tmp', '.records.89abcdef.tmp', '.other.tmp', 'notes.01234567.tmp'];
    for (const name of names) await writeFile(place(name), 'x');
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
    for (const name of names.slice(1)) await utimes(place(name), yesterday, yesterday);
    await use({ ...kind, key: 'b' });
    expect((await readdir(join(folder, 'cache'))).sort()).toEqual(
      ['.other.tmp', '.records.01234567.tmp', 'notes.01234567.tmp', 'records'].sort(),
    );
  });

  it('passes on an abort and what make throws', async () => {
    await use();
    await expect(use(kind, AbortSignal.abort())).rejects.toThrow(AbortedError);
    const stop = new RangeError('enough');
    await expect(reuseRecordFile(join(folder, 'none'), kind, () => Promise.reject(stop))).rejects.toBe(stop);
  });
});
