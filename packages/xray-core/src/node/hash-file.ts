import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { HashAlgorithm } from '../checksum.js';
import { AbortedError, FileError } from '../errors.js';

/**
 * Hashes of a file of any size, read once.
 *
 * @returns Lower-case hexadecimal text by algorithm.
 * @throws {FileError} If it cannot be read.
 * @throws {AbortedError} If `signal` fires.
 *
 * @example
 * const { sha256 } = await hashFile('ChestXRay2017.zip', ['sha256']);
 */
export async function hashFile<Algorithm extends HashAlgorithm>(
  file: string,
  algorithms: readonly Algorithm[],
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<Record<Algorithm, string>> {
  const hashes = algorithms.map((algorithm) => [algorithm, createHash(algorithm)] as const);
  try {
    const chunks = createReadStream(file, { highWaterMark: 2 ** 20, ...(signal && { signal }) });
    for await (const chunk of chunks) for (const [, hash] of hashes) hash.update(chunk as Buffer);
  } catch (error) {
    if (signal?.aborted) throw new AbortedError('Hashing a file', signal.reason);
    throw new FileError({ file, problem: 'could not be read', cause: error });
  }
  return Object.fromEntries(hashes.map(([name, hash]) => [name, hash.digest('hex')])) as Record<
    Algorithm,
    string
  >;
}
