import { hash } from 'node:crypto';
import { FileError } from 'xray-core';
import { runConcurrently } from '../pixels/run-concurrently.js';
import { readImageFile } from './read-image-file.js';

/** @internal SHA-256 of a file's bytes as hex, or what keeps them from being read. */
export async function fingerprintOf(file: string): Promise<string> {
  try {
    return hash('sha256', await readImageFile(file));
  } catch (error) {
    if (error instanceof FileError) return error.problem;
    throw error;
  }
}

/** @internal Fingerprints of files by path; each file is read once. */
export async function fingerprintFiles(
  files: readonly string[],
  options: { concurrency: number; signal: AbortSignal | undefined },
): Promise<ReadonlyMap<string, string>> {
  const fingerprints = new Map<string, string>();
  const different = [...new Set(files)];
  await runConcurrently(different.length, { ...options, what: 'Reading images' }, async (index) => {
    fingerprints.set(different[index]!, await fingerprintOf(different[index]!));
  });
  return fingerprints;
}
