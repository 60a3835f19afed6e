import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AbortedError, FileError, InvalidArgumentError } from '../errors.js';
import { BODY, CHECKSUM, hex, setUpDownloads } from './__fixtures__/download-trial.js';

const trial = setUpDownloads();
const { serve, download, failure, expectWhole } = trial;

describe('downloadFile', () => {
  it('gets a file, with progress, and does not get it again', async () => {
    await serve();
    const options = { size: BODY.length, checksum: CHECKSUM };
    expect(await download(options)).toEqual({
      file: trial.file,
      size: BODY.length,
      sha256: CHECKSUM.value,
      isNew: true,
    });
    await expectWhole();
    expect(trial.events.at(-1)).toEqual({
      type: 'download',
      file: trial.file,
      done: BODY.length,
      total: BODY.length,
    });
    expect(await download(options)).toMatchObject({ sha256: CHECKSUM.value, isNew: false });
    const md5 = { algorithm: 'md5', value: hex('md5', BODY).toUpperCase() } as const;
    expect(await download({ checksum: md5 })).toMatchObject({ sha256: CHECKSUM.value, isNew: false });
    expect(await download({ size: BODY.length })).toMatchObject({ isNew: false });
    expect(trial.server.requests).toHaveLength(1);
    expect(await download()).toMatchObject({ isNew: true });
  });

  it('replaces a file with another checksum or length, only when the new one is whole', async () => {
    await serve([{ status: 404 }]);
    await writeFile(trial.file, 'old');
    await failure({ checksum: CHECKSUM });
    expect(await readFile(trial.file, 'utf8')).toBe('old');
    expect((await download({ checksum: CHECKSUM })).isNew).toBe(true);
    await expectWhole();
  });

  it('follows redirects, not for ever', async () => {
    await serve([{ status: 302, headers: { location: '/elsewhere' } }]);
    await download();
    await expectWhole();
    await rm(trial.file);
    await trial.server.close();
    await serve(() => ({ status: 302, headers: { location: '/again' } }));
    expect((await failure()).message).toContain('is redirected again and again');
  });

  it('lets calls for the same file all have it', async () => {
    await serve(Array.from({ length: 8 }, () => ({ cutAfter: 60_000 })));
    const results = await Promise.all(Array.from({ length: 6 }, () => download({ checksum: CHECKSUM })));
    expect(new Set(results.map(({ sha256 }) => sha256))).toEqual(new Set([CHECKSUM.value]));
    await expectWhole();
  });

  it('can be aborted while it reads and while it waits, and goes on from there', async () => {
    await serve([{ stallAfter: 100_000 }, { status: 503, headers: { 'retry-after': '20' } }]);
    const reading = new AbortController();
    const read = download({
      signal: reading.signal,
      onProgress: (event) => event.type === 'download' && event.done === 100_000 && reading.abort('enough'),
    });
    await expect(read).rejects.toMatchObject({ code: 'aborted', cause: 'enough' });
    const waiting = new AbortController();
    const wait = download({ signal: waiting.signal, onProgress: () => waiting.abort() });
    await expect(wait).rejects.toThrow(AbortedError);
    await download();
    await expectWhole();
    expect(trial.server.requests[2]!.range).toBe('bytes=100000-');
    await expect(download({ signal: AbortSignal.abort() })).rejects.toThrow(AbortedError);
  });

  it('explains a place that cannot be written to', async () => {
    await serve();
    await mkdir(trial.file);
    await expect(download()).rejects.toThrow(
      /data\.bin: could not be written \(EISDIR\)\. There is a folder/,
    );
    await writeFile(join(trial.folder, 'plain'), '');
    const below = download({ file: join(trial.folder, 'plain', 'x') });
    await expect(below).rejects.toThrow(FileError);
    await expect(below).rejects.toThrow(/A part of the path is a file/);
    expect(trial.server.requests).toEqual([]);
  });

  it('refuses options it cannot work with', async () => {
    await serve();
    for (const options of [
      { url: 'ftp://example.org/x' },
      { url: 'data.bin' },
      { url: 'http://user:secret@example.org/x' },
      { checksum: { algorithm: 'md5', value: CHECKSUM.value } as const },
      { size: -1 },
      { retries: 0.5 },
      { stallTimeout: 0 },
    ])
      await expect(download(options)).rejects.toThrow(InvalidArgumentError);
  });
});

/** A small disk, where this user may mount one. */
const disk = (() => {
  try {
    const place = execFileSync('mktemp', ['-d']).toString().trim();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', place], { stdio: 'ignore' });
    return place;
  } catch {
    return undefined;
  }
})();

describe.skipIf(disk === undefined)(
  'downloadFile on a full disk (skipped without the right to mount one)',
  () => {
    it('says so, and goes on when there is room', async () => {
      const place = disk!;
      await serve();
      try {
        const target = join(place, 'data.bin');
        const full = download({ file: target });
        await expect(full).rejects.toThrow(FileError);
        await expect(full).rejects.toThrow(/data\.bin: could not be written \(ENOSPC\)\. The disk is full/);
        expect(trial.server.requests).toHaveLength(1);
        execFileSync('mount', ['-o', 'remount,size=2m', place]);
        await download({ file: target });
        expect((await readFile(target)).equals(BODY)).toBe(true);
        expect(trial.server.requests[1]!.range).toMatch(/^bytes=\d{5,}-$/);
      } finally {
        execFileSync('umount', [place]);
        await rm(place, { recursive: true });
      }
    });
  },
);
