import { hash } from 'node:crypto';
import { FileError } from 'xray-core';
import { runConcurrently } from '../pixels/run-concurrently.js';
import { readImageFile } from './read-image-file.js';

/** @internal Content of a file, or what keeps it from being read. */
export interface Fingerprint {
  /** SHA-256 of the bytes as hex, or the problem. */
  readonly fingerprint: string;
  /** Gives the bytes, or throws the problem as a `FileError`. */
  read(): Buffer;
}

/** @internal Reads a file once. */
export async function fingerprintOf(file: string): Promise<Fingerprint> {
  try {
    const bytes = await readImageFile(file);
    return { fingerprint: hash('sha256', bytes), read: () => bytes };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const read = () => {
      throw error;
    };
    return { fingerprint: error.problem, read };
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
    fingerprints.set(different[index]!, (await fingerprintOf(different[index]!)).fingerprint);
  });
  return fingerprints;
}
