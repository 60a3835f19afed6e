import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileError } from 'xray-core';
import { readTableText } from './read-table-text.js';

const TEXT = 'file,label\nCafé.png,Normal\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-table-'));
});
afterAll(() => rm(folder, { recursive: true }));

const written = async (name: string, bytes: string | Uint8Array) => {
  const file = join(folder, name);
  await writeFile(file, bytes);
  return file;
};

describe('readTableText', () => {
  it.each([
    ['UTF-8', TEXT],
    ['UTF-8 with a byte order mark', `\uFEFF${TEXT}`],
    ['UTF-16, as Excel writes "Unicode text"', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
    ['gzip', gzipSync(TEXT)],
  ])('reads %s, whatever its name', async (_, bytes) => {
    expect(await readTableText(await written('table.csv', bytes))).toBe(TEXT);
  });

  it.each([
    ['Latin-1', Buffer.from(TEXT, 'latin1'), /is no UTF-8 text\. Export it again as "CSV UTF-8"/],
    ['a truncated gzip file', gzipSync(TEXT).subarray(0, 25), /is a damaged gzip file\. Download it again/],
    ['a spreadsheet', Buffer.from([0x50, 0x4b, 3, 4, 0xff, 0xd8]), /is no UTF-8 text/],
  ])('says what is wrong with %s', async (_, bytes, problem) => {
    const file = await written('bad.csv', bytes);
    await expect(readTableText(file)).rejects.toThrow(problem);
    await expect(readTableText(file)).rejects.toThrow(FileError);
  });

  it('names a file that is not there', async () => {
    await expect(readTableText(join(folder, 'no.csv'))).rejects.toThrow(
      /no\.csv: does not exist, expected a CSV/,
    );
    await expect(readTableText(folder)).rejects.toThrow(/could not be read \(EISDIR\)/);
  });
});
