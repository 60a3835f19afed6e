import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openRecordFile, type RecordFile } from './open-record-file.js';
import { RecordFileError, type RecordFileProblem, type RecordKind } from './record-layout.js';

/** An open record file, and whether it had to be made. */
export interface ReusedRecordFile {
  readonly records: RecordFile;
  /** Why it was made; `undefined` if the one that was there is used. */
  readonly madeBecause: Exclude<RecordFileProblem, 'foreign'> | undefined;
}

/** A temporary file that nobody has written to for so long, in milliseconds, belongs to a process that was killed. */
const ABANDONED_AFTER = 24 * 60 * 60 * 1000;

/**
 * Opens a record file after verifying all of it, or makes it where it is missing, outdated or damaged. Runs that need
 * the same one at the same time may each make it; the last one stays, the others keep reading theirs.
 *
 * @param make - Makes the file with `createRecordFile`. Temporary files in its folder that nobody has written to for a
 *   day are removed before.
 * @throws {RecordFileError} `foreign`, if another program's file lies there, or if `make` did not make what is expected.
 * @throws {AbortedError} If `signal` fires. What `make` throws comes through as it is.
 */
export async function reuseRecordFile(
  file: string,
  expected: RecordKind,
  make: () => Promise<void>,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<ReusedRecordFile> {
  let madeBecause: ReusedRecordFile['madeBecause'];
  try {
    return { records: await openVerified(file, expected, signal), madeBecause };
  } catch (error) {
    if (!(error instanceof RecordFileError) || error.reason === 'foreign') throw error;
    madeBecause = error.reason;
  }
  await removeAbandoned(dirname(file));
  await make();
  return { records: openRecordFile(file, expected), madeBecause };
}

async function openVerified(
  file: string,
  expected: RecordKind,
  signal: AbortSignal | undefined,
): Promise<RecordFile> {
  const records = openRecordFile(file, expected);
  try {
    await records.verify({ signal });
    return records;
  } catch (error) {
    records.close();
    throw error;
  }
}

/** Only files named as `createFileAtomic` names them. */
async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((name) => /^\..+\.[0-9a-f]{8}\.tmp$/.test(name))) {
    const facts = await stat(join(folder, name)).catch(() => undefined);
    if (facts && Date.now() - facts.mtimeMs > ABANDONED_AFTER) await rm(join(folder, name), { force: true });
  }
}
