import { readFile } from 'node:fs/promises';
import type { Sample } from 'xray-core';
import { FileError } from 'xray-core';
import { writeFileAtomic } from 'xray-core/node';
import { formatSplit, parseSplit } from '../split/split-file.js';
import type { Splits } from '../split/splits.js';

/**
 * Saves a split as a small JSON file: ids per side, method, seed, fingerprint of the samples.
 *
 * @throws {FileError} If the file cannot be written; an older one is then still whole.
 */
export async function saveSplit(file: string, splits: Splits): Promise<void> {
  await writeFileAtomic(file, await formatSplit(splits));
}

/**
 * Reproduces a saved split exactly.
 *
 * @param samples - Those the split was made of, in any order.
 * @throws {FileError} If the file is missing or no split file of this version.
 * @throws {SplitMismatchError} If the samples have other ids, findings or patients than those the split was made of.
 *
 * @example
 * const { samples } = await indexFolder('./chest_xray');
 * const splits = await loadSplit('./runs/first/split.json', samples);
 */
export async function loadSplit(file: string, samples: readonly Sample[]): Promise<Splits> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new FileError({
      file,
      problem: isMissing ? 'does not exist, expected a saved split' : 'could not be read',
      cause: error,
    });
  }
  return parseSplit(text, samples, { name: file });
}
