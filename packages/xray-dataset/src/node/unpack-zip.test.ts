import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileError, type ProgressEvent } from 'xray-core';
import { type UnpackOptions, unpackZip } from './unpack-zip.js';

let folder: string;
let archive: string;
let target: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-unpack-'));
  archive = join(folder, 'data.zip');
  target = join(folder, 'data');
});
afterEach(() => rm(folder, { recursive: true }));

const IMAGE = Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919) % 251);
const FILES = {
  'set/train/NORMAL/a.jpeg': IMAGE,
  'set/test/b.txt': strToU8('hello'),
  'set/empty.txt': strToU8(''),
};

async function unpack(bytes: Uint8Array, options: UnpackOptions = {}) {
  await writeFile(archive, bytes);
  return unpackZip(archive, target, options);
}

/** Expects a refusal that leaves nothing but the archive. */
async function refused(bytes: Uint8Array, message: RegExp, options: UnpackOptions = {}) {
  const error = await unpack(bytes, options).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(FileError);
  expect((error as FileError).message).toMatch(message);
  expect((error as FileError).message).toContain(archive);
  expect(await readdir(folder)).toEqual(['data.zip']);
}

/** Renames entries after packing: packers refuse or cannot express what attackers write by hand. */
function renamed(files: Zippable, from: string, to: string): Uint8Array {
  expect(to).toHaveLength(from.length);
  const bytes = Buffer.from(zipSync(files));
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at, 'latin1');
  return bytes;
}

/** Writes a number into the central directory's record of an entry. */
function patched(files: Zippable, name: string, offset: number, value: number): Uint8Array {
  const bytes = Buffer.from(zipSync(files, { level: 0 }));
  const record = bytes.lastIndexOf(name) - 46;
  expect(bytes.readUInt32LE(record)).toBe(0x02014b50);
  bytes.writeUInt32LE(value, record + offset);
  return bytes;
}
const CRC = 16;
const UNPACKED_SIZE = 24;
const LOCAL_HEADER = 42;

describe('unpackZip', () => {
  it('unpacks files and folders, stored or compressed, with progress', async () => {
    for (const level of [0, 9] as const) {
      const events: ProgressEvent[] = [];
      const zip = zipSync({ ...FILES, 'set/none/': new Uint8Array() }, { level });
      const result = await unpack(zip, { onProgress: (event) => events.push(event) });
      expect(result).toEqual({ folder: target, files: 3, bytes: 5005 });
      for (const [name, content] of Object.entries(FILES))
        expect((await readFile(join(target, name))).equals(content)).toBe(true);
      expect(await readdir(join(target, 'set', 'none'))).toEqual([]);
      expect(events.at(-1)).toEqual({ type: 'unpack', done: 5005, total: 5005 });
      expect((await readdir(folder)).sort()).toEqual(['data', 'data.zip']);
      await rm(target, { recursive: true });
    }
  });

  it('takes an empty folder and leaves any other alone', async () => {
    await mkdir(target);
    await unpack(zipSync(FILES));
    await expect(unpack(zipSync({ 'c.txt': IMAGE }))).rejects.toThrow(
      /data: is there already, expected no folder or an empty one\. Remove it/,
    );
    expect(await readdir(target)).toEqual(['set']);
    await rm(target, { recursive: true });
    await writeFile(target, 'a file');
    await expect(unpack(zipSync(FILES))).rejects.toThrow(FileError);
    expect(await readFile(target, 'utf8')).toBe('a file');
  });

  it.each([
    ['XXXXescape.txt', '../.escape.txt'],
    ['aaXXXXescape.txt', 'a/../.escape.txt'],
    ['Xetc.txt', '/etc.txt'],
    ['XXetc.txt', 'C:etc.txt'],
    ['aXXXescape.txt', 'a\\..escape.txt'],
    ['aXXb.txt', 'a//b.txt'],
    ['aXXXb.txt', 'a/./b.txt'],
    ['aXb.txt', 'a\0b.txt'],
  ])('refuses the path that %s becomes: %j', async (from, to) => {
    await refused(renamed({ ...FILES, [from]: IMAGE }, from, to), /is not safe to unpack \(/);
  });

  it('refuses control characters', async () => {
    await refused(renamed({ 'é\tXb.txt': IMAGE }, 'Xb.txt', '\nb.txt'), /unusual path: "é\\t\\nb\.txt"/);
  });

  it('refuses links and other special files', async () => {
    for (const kind of [0o120777, 0o010644, 0o060644]) {
      const link: Zippable = { link: [strToU8('/etc/passwd'), { os: 3, attrs: kind << 16 }] };
      await refused(zipSync(link), /is not safe to unpack \(a link or special file: link\)/);
    }
    const plain: Zippable = { 'a.txt': [IMAGE, { os: 3, attrs: 0o100755 << 16 }] };
    expect((await unpack(zipSync(plain))).files).toBe(1);
  });

  it('refuses names that are the same, on some file system at least', async () => {
    await refused(
      renamed({ 'a.txt': IMAGE, 'b.txt': IMAGE }, 'b.txt', 'a.txt'),
      /a name twice: a\.txt, a\.txt/,
    );
    await refused(zipSync({ 'A/x.txt': IMAGE, 'a/X.txt': IMAGE }), /a name twice/);
    await refused(zipSync({ 'é.txt': IMAGE, 'e\u0301.txt': IMAGE }), /a name twice/);
    await refused(zipSync({ a: IMAGE, 'a/b': IMAGE }), /a is a file and a folder/);
  });

  it('refuses bombs', async () => {
    await refused(
      zipSync({ zeros: new Uint8Array(4 * 2 ** 20) }),
      /zeros grows from \d+ to 4194304 bytes, expected at most 100 times/,
    );
    await refused(zipSync(FILES), /5005 bytes when unpacked, expected at most 5000/, { maxBytes: 5000 });
    await refused(zipSync(FILES), /3 entries, expected at most 2/, { maxEntries: 2 });
    const two = { 'a.bin': IMAGE, 'b.bin': IMAGE };
    const overlapping = Buffer.from(patched(two, 'b.bin', LOCAL_HEADER, 0));
    const first = overlapping.indexOf(IMAGE);
    const second = overlapping.indexOf(IMAGE, first + 1);
    const shorter = Buffer.concat([overlapping.subarray(0, second), overlapping.subarray(second + 5000)]);
    const end = shorter.length - 22;
    shorter.writeUInt32LE(shorter.readUInt32LE(end + 16) - 5000, end + 16);
    await refused(shorter, /its entries overlap/);
  });

  it('notices files that are longer, shorter or other than their directory says', async () => {
    const deflated = Buffer.from(zipSync({ 'a.bin': new Uint8Array(5000) }));
    const record = deflated.lastIndexOf('a.bin') - 46;
    for (const lie of [10, 50_000]) {
      deflated.writeUInt32LE(lie, record + UNPACKED_SIZE);
      await refused(
        deflated,
        /is no zip archive, truncated or corrupt \(a\.bin: (too many|not enough) bytes/,
      );
    }
    await refused(patched({ 'a.bin': IMAGE }, 'a.bin', UNPACKED_SIZE, 10), /size mismatch for stored file/);
    await refused(patched({ 'a.bin': IMAGE }, 'a.bin', CRC, 1), /a\.bin does not match its CRC-32/);
  });

  it('notices encrypted files', async () => {
    const bytes = Buffer.from(zipSync({ 'a.bin': IMAGE }));
    bytes.writeUInt16LE(1, bytes.lastIndexOf('a.bin') - 46 + 8);
    await refused(bytes, /encrypted or packed by an unknown method: a\.bin\. Unpack it with another program/);
  });

  it('notices that an archive is truncated, at every length', async () => {
    const bytes = zipSync({ 'a/b.txt': strToU8('some content') });
    for (let length = 0; length < bytes.length; length++)
      await refused(
        bytes.subarray(0, length),
        /is no zip archive, truncated or corrupt \(.*\)\. Get it again/,
      );
  });

  it('never gives other content when a bit flips', async () => {
    const bytes = zipSync({ 'a.txt': strToU8('some content, some content, some content') });
    for (let at = 0; at < bytes.length; at++) {
      const flipped = bytes.slice();
      flipped[at]! ^= 4;
      try {
        await unpack(flipped);
      } catch (error) {
        expect(error, `byte ${at}`).toBeInstanceOf(FileError);
        expect(await readdir(folder)).toEqual(['data.zip']);
        continue;
      }
      const names = await readdir(target);
      for (const name of names)
        expect(await readFile(join(target, name), 'utf8')).toBe('some content, some content, some content');
      expect(names).toHaveLength(1); // perhaps by another name: nothing protects names
      await rm(target, { recursive: true });
    }
  });

  it('says that there is no archive', async () => {
    await expect(unpackZip(archive, target)).rejects.toThrow(/data\.zip: could not be read \(ENOENT\)/);
    await refused(strToU8('<html>not found</html>'), /is no zip archive/);
  });

  it('can be aborted and leaves nothing', async () => {
    const abort = new AbortController();
    const stop = unpack(zipSync(FILES), { signal: abort.signal, onProgress: () => abort.abort('enough') });
    await expect(stop).rejects.toMatchObject({ code: 'aborted', cause: 'enough' });
    expect(await readdir(folder)).toEqual(['data.zip']);
    const failing = () => {
      throw new RangeError('stop');
    };
    await expect(unpack(zipSync(FILES), { onProgress: failing })).rejects.toThrow(RangeError);
    expect(await readdir(folder)).toEqual(['data.zip']);
  });

  it('removes what a killed process left', async () => {
    const left = join(folder, '.data.free-00000000.unpacking');
    await mkdir(join(left, 'content', 'old'), { recursive: true });
    await unpack(zipSync(FILES));
    expect((await readdir(folder)).sort()).toEqual(['data', 'data.zip']);
    expect(await readdir(target)).toEqual(['set']);
  });
});
