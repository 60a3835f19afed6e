import { readFile } from 'node:fs/promises';
import { FileError } from 'xray-core';
import type { FileBytes } from '../weights/file-bytes.js';

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder, expected a file',
};

/**
 * Reads a file for `readKerasWeights`, `loadKerasModel` and others that take bytes.
 *
 * @throws {FileError} If it does not exist or cannot be read.
 *
 * @example
 * const model = await loadKerasModel(await readFileBytes('model.keras'));
 */
export async function readFileBytes(path: string): Promise<FileBytes> {
  try {
    return { name: path, bytes: await readFile(path) };
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new FileError({ file: path, problem: PROBLEMS[code] ?? `cannot be read (${code})`, cause: error });
  }
}
