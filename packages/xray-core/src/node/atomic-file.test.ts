import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileAtomic, writeError, writeFileAtomic } from './atomic-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-core-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('writeFileAtomic', () => {
  it('writes text, bytes and parts, makes folders and replaces older files', async () => {
    const file = join(folder, 'deep', 'down', 'note.txt');
    await writeFileAtomic(file, 'first');
    await writeFileAtomic(file, ['sec', new TextEncoder().encode('ond')]);

    expect(await readFile(file, 'utf8')).toBe('second');
    expect(await readdir(join(folder, 'deep', 'down'))).toEqual(['note.txt']);
  });

  it('leaves the old file and no temporary one when it fails', async () => {
    const file = join(folder, 'kept.txt');
    await writeFile(file, 'old');
    const broken = { toString: () => '' } as unknown as string;

    await expect(writeFileAtomic(file, ['new', broken])).rejects.toThrow('kept.txt: could not be written');
    expect(await readFile(file, 'utf8')).toBe('old');
    expect(await readdir(folder)).not.toContainEqual(expect.stringContaining('.tmp'));
  });

  it('says what to do when the path leads through a file', async () => {
    await writeFile(join(folder, 'plain'), '');
    await expect(writeFileAtomic(join(folder, 'plain', 'x.json'), '{}')).rejects.toThrow(
      /x\.json: could not be written \(E(NOTDIR|EXIST)\)\. A part of the path is a file/,
    );
  });

  it('says that the disk is full or read-only', () => {
    for (const [code, fix] of [
      ['ENOSPC', 'The disk is full'],
      ['EROFS', 'The file system is read-only'],
      ['EACCES', 'No permission'],
    ] as const) {
      const error = writeError('model.json', Object.assign(new Error(code), { code }));
      expect(error.message).toContain(`model.json: could not be written (${code}). ${fix}`);
      expect(error.cause).toMatchObject({ code });
    }
  });
});

describe('createFileAtomic', () => {
  it('shows the file only when all of it is written', async () => {
    const file = join(folder, 'made', 'large.bin');
    await createFileAtomic(file, async (handle) => {
      await handle.write(Uint8Array.of(3, 4), 0, 2, 2);
      expect(await readdir(join(folder, 'made'))).toEqual([
        expect.stringMatching(/^\.large\.bin\.\w{8}\.tmp$/),
      ]);
      await handle.write(Uint8Array.of(1, 2), 0, 2, 0);
    });
    expect([...(await readFile(file))]).toEqual([1, 2, 3, 4]);
    expect(await readdir(join(folder, 'made'))).toEqual(['large.bin']);
  });

  it('passes on what the writer throws, explains what the system refuses, and leaves nothing behind', async () => {
    const file = join(folder, 'failed', 'large.bin');
    const stop = new RangeError('enough');
    await expect(createFileAtomic(file, () => Promise.reject(stop))).rejects.toBe(stop);
    const full = Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
    await expect(createFileAtomic(file, () => Promise.reject(full))).rejects.toThrow(
      /large\.bin: could not be written \(ENOSPC\)\. The disk is full/,
    );
    expect(await readdir(join(folder, 'failed'))).toEqual([]);
  });
});
