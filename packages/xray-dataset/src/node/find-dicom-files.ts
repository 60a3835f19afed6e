import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from 'xray-core';
import { readDicomFacts } from '../dicom/dicom-facts.js';
import { isDicom } from '../dicom/dicom-file.js';

/** Extensions of other image files; those are not opened. */
const OTHER_IMAGE = /\.(jpe?g|png|webp|tiff?)$/i;

/**
 * @internal Which of the files are DICOM, by content, and whose: a hash of the Patient ID, `undefined` where it is blank
 * or the file is too broken to tell.
 *
 * @param paths - Relative to `root`; those that end in `/` are folders.
 */
export async function findDicomFiles(
  root: string,
  paths: readonly string[],
): Promise<Map<string, string | undefined>> {
  const patients = new Map<string, string | undefined>();
  for (const path of paths) {
    if (path.endsWith('/') || OTHER_IMAGE.test(path)) continue;
    const file = join(root, path);
    if (await startsLikeDicom(file)) patients.set(path, await patientOf(file));
  }
  return patients;
}

async function startsLikeDicom(file: string): Promise<boolean> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(132), 0, 132, 0);
      return isDicom(buffer.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch {
    return false; // decoding it says what is wrong
  }
}

async function patientOf(file: string): Promise<string | undefined> {
  try {
    const { patientId } = readDicomFacts(await readFile(file), file);
    if (patientId === undefined) return undefined;
    return `dicom-${(await sha256(new TextEncoder().encode(patientId))).slice(0, 16)}`;
  } catch {
    return undefined; // decoding it says what is wrong
  }
}
