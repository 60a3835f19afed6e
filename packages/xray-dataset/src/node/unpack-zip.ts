import { createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { AbortedError, checkWholeNumber, FileError, type ProgressCallback, throwIfAborted } from 'xray-core';
import { claimWorkFolder, writeError } from 'xray-core/node';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { runConcurrently } from '../pixels/run-concurrently.js';
import { checkEntries, DEFAULT_LIMITS, isFolder, type UnpackLimits } from './zip-entries.js';

/** Options of `unpackZip`. */
export interface UnpackOptions extends Partial<UnpackLimits> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressCallback | undefined;
}

/** What was unpacked. */
export interface UnpackedZip {
  /** Absolute path. */
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Unpacks a zip archive of unknown origin into a new folder, which is there whole or not at all. The directory of the
 * archive is checked before anything is written: paths that lead out of the folder, links, names twice, entries that
 * overlap, sizes and compression ratios beyond the limits. Every file is checked against its length and CRC-32.
 *
 * @param archive - Path of the archive; zip64 is understood, encryption is not.
 * @param folder - Must not exist, or be empty.
 * @throws {FileError} If the archive is no zip archive, truncated, corrupt or unsafe, or the folder cannot be written.
 * @throws {AbortedError} If `signal` fires. Nothing stays behind.
 *
 * @example
 * await unpackZip('ChestXRay2017.zip', 'data/kermany-2018');
 */
export async function unpackZip(
  archive: string,
  folder: string,
  options: UnpackOptions = {},
): Promise<UnpackedZip> {
  const { signal, onProgress, ...given } = options;
  const limits = { ...DEFAULT_LIMITS, ...given };
  for (const [name, value] of Object.entries(limits)) checkWholeNumber(name, value);
  throwIfAborted(signal, 'Unpacking');
  const target = resolve(folder);
  await checkTarget(target);
  const zip = await reading(archive, () =>
    openPromise(archive, { autoClose: false, strictFileNames: true, validateEntrySizes: true }),
  );
  try {
    const entries = await readEntries(archive, zip, limits);
    const total = checkEntries(archive, entries, zip.fileSize, limits);
    const work = await claimWorkFolder(target, 'unpacking');
    try {
      const place = join(work, 'content');
      await rm(place, { recursive: true, force: true }); // of a process that was killed
      const files = await writeEntries(entries, { archive, zip, place, total, signal, onProgress });
      await rename(place, target).catch((error) => {
        throw writeError(target, error);
      });
      return { folder: target, files, bytes: total };
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  } finally {
    zip.close();
  }
}

async function checkTarget(target: string): Promise<void> {
  const facts = await lstat(target).catch(() => undefined);
  if (!facts || (facts.isDirectory() && (await readdir(target)).length === 0)) return;
  throw new FileError({
    file: target,
    problem: 'is there already, expected no folder or an empty one',
    fix: 'Remove it or choose another folder.',
  });
}

async function readEntries(archive: string, zip: ZipFile, limits: UnpackLimits): Promise<Entry[]> {
  if (zip.entryCount > limits.maxEntries)
    throw new FileError({
      file: archive,
      problem: `is not safe to unpack (${zip.entryCount} entries, expected at most ${limits.maxEntries})`,
      fix: 'Do not use it.',
    });
  return reading(archive, async () => {
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) entries.push(entry);
    return entries;
  });
}

interface Unpacking extends Pick<UnpackOptions, 'signal' | 'onProgress'> {
  readonly archive: string;
  readonly zip: ZipFile;
  /** Folder to make. */
  readonly place: string;
  /** Bytes of all files. */
  readonly total: number;
}

/** Flushing many small files takes long one after the other. */
const CONCURRENCY = 16;

async function writeEntries(entries: readonly Entry[], unpacking: Unpacking): Promise<number> {
  const { place, total, signal, onProgress } = unpacking;
  const makeFolder = (path: string) =>
    mkdir(path, { recursive: true }).catch((error) => {
      throw writeError(path, error);
    });
  await makeFolder(place);
  let files = 0;
  let done = 0;
  const work = { concurrency: CONCURRENCY, signal, what: 'Unpacking' };
  await runConcurrently(entries.length, work, async (index) => {
    const entry = entries[index]!;
    const path = join(place, entry.fileName);
    await makeFolder(isFolder(entry) ? path : dirname(path));
    if (isFolder(entry)) return;
    await writeEntry(entry, path, unpacking);
    files++;
    done += entry.uncompressedSize;
    onProgress?.({ type: 'unpack', done, total });
  });
  return files;
}

async function writeEntry(entry: Entry, path: string, { archive, zip, signal }: Unpacking): Promise<void> {
  let checksum = 0;
  const check = new Transform({
    transform(chunk: Buffer, _, pass) {
      checksum = crc32(chunk, checksum);
      pass(null, chunk);
    },
  });
  try {
    const content = await zip.openReadStreamPromise(entry);
    const output = createWriteStream(path, { flags: 'wx', flush: true });
    await pipeline(content, check, output, { ...(signal && { signal }) });
  } catch (error) {
    if (signal?.aborted) throw new AbortedError('Unpacking', signal.reason);
    const { syscall } = error as NodeJS.ErrnoException;
    if (syscall !== undefined && syscall !== 'read') throw writeError(path, error);
    throw corrupt(archive, `${entry.fileName}: ${(error as Error).message}`, error);
  }
  if (checksum !== entry.crc32) throw corrupt(archive, `${entry.fileName} does not match its CRC-32`);
}

/** Turns errors of yauzl into ones that name the archive. */
async function reading<Result>(archive: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined)
      throw new FileError({ file: archive, problem: `could not be read (${code})`, cause: error });
    if (!/^(absolute path|invalid relative path|invalid characters)/.test(message))
      throw corrupt(archive, message, error);
    const problem = `is not safe to unpack (${message})`;
    throw new FileError({ file: archive, problem, fix: 'Do not use it.', cause: error });
  }
}

function corrupt(archive: string, detail: string, cause?: unknown): FileError {
  const problem = `is no zip archive, truncated or corrupt (${detail.replace(/\.$/, '')})`;
  return new FileError({ file: archive, problem, fix: 'Get it again.', cause });
}
