import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileError } from '../errors.js';

/**
 * Writes a file so that readers see either the old content or the whole new one: to a temporary name beside
 * it, flushed to disk, then renamed. Folders on the way are created. After a failure the old file is untouched
 * and no temporary one stays behind.
 *
 * @param data - Text (UTF-8) or bytes; several parts are written one after the other.
 * @throws {FileError} If the folder is read-only, the disk is full, or the path is not a file.
 */
export async function writeFileAtomic(
  file: string,
  data: string | Uint8Array | readonly (string | Uint8Array)[],
): Promise<void> {
  const parts = Array.isArray(data) ? data : [data];
  await createFileAtomic(file, async (handle) => {
    try {
      for (const part of parts) await handle.writeFile(part);
    } catch (error) {
      throw writeError(file, error);
    }
  });
}

/**
 * @internal Like `writeFileAtomic`, for files too large for memory: `write` gets the open temporary file,
 * `.<name>.<8 random characters>.tmp` beside the final one.
 *
 * @throws {FileError} If the file system refuses. What else `write` throws comes through as it is.
 */
export async function createFileAtomic(
  file: string,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(temporary, 'wx');
    try {
      await write(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    const isFromSystem = typeof (error as NodeJS.ErrnoException)?.syscall === 'string';
    throw isFromSystem ? writeError(file, error) : error;
  }
}

/**
 * Turns a system error of a write into one that says what to do.
 *
 * @example
 * await rename(temporary, file).catch((error) => { throw writeError(file, error); });
 */
export function writeError(file: string, error: unknown): FileError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const fixes: Record<string, string> = {
    ENOSPC: 'The disk is full: free some space and run again with `--resume` or the same call.',
    EDQUOT: 'The disk quota is used up: free some space and run again.',
    EROFS: 'The file system is read-only: choose another output folder.',
    EACCES: 'No permission to write there: choose another output folder or change its permissions.',
    EPERM: 'No permission to write there: choose another output folder or change its permissions.',
    ENOENT: 'The folder cannot be created: its place is missing or read-only. Choose another output folder.',
    EISDIR: 'There is a folder of that name: choose another file name.',
    ENOTDIR: 'A part of the path is a file, not a folder: choose another output folder.',
    EEXIST: 'A part of the path is a file, not a folder: choose another output folder.',
  };
  const problem = `could not be written (${code || (error instanceof Error ? error.message : String(error))})`;
  const fix = fixes[code];
  return new FileError({ file, problem, cause: error, ...(fix === undefined ? {} : { fix }) });
}
