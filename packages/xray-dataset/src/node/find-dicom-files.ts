import { join } from 'node:path';
import { sha256 } from 'xray-core';
import { type DicomFacts, factsOf, LAST_OF_FACTS } from '../dicom/dicom-facts.js';
import { isDicom, parseDicomFile, RECOGNISED_BY_BYTES } from '../dicom/dicom-file.js';
import { EndOfBytesError } from '../dicom/read-elements.js';
import { runConcurrently } from '../pixels/run-concurrently.js';
import { type FileStart, openFileStart } from './file-start.js';

/** Extensions of other image files; those are not opened. */
const OTHER_IMAGE = /\.(jpe?g|jpe|jfif|png|webp|tiff?)$/i;
const CONCURRENCY = 16;
/** Facts lie within so many bytes in nearly all files. */
const FACTS_BYTES = 8192;

/** @internal What an index needs to know of a DICOM file. */
export interface IndexedDicom {
  /** A hash of the Patient ID; `undefined` where it is blank or the file is too broken to tell. */
  readonly patientId: string | undefined;
  /** View position, in upper case; `undefined` likewise. */
  readonly view: string | undefined;
}

/**
 * @internal Which of the files are DICOM images, by content. Of each file the start is read: as much as it takes to see that
 * it is another, or the elements up to the view position. The `DICOMDIR` of a medium is no image.
 *
 * @param paths - Relative to `root`; those that end in `/` are folders.
 */
export async function findDicomFiles(
  root: string,
  paths: readonly string[],
): Promise<Map<string, IndexedDicom>> {
  const files = paths.filter((path) => !path.endsWith('/') && !OTHER_IMAGE.test(path));
  const found: (IndexedDicom | undefined)[] = [];
  const how = { concurrency: CONCURRENCY, signal: undefined, what: 'Looking for DICOM files' };
  await runConcurrently(files.length, how, async (index) => {
    found[index] = await lookInto(join(root, files[index]!));
  });
  return new Map(files.flatMap((path, index) => (found[index] ? [[path, found[index]] as const] : [])));
}

async function lookInto(file: string): Promise<IndexedDicom | undefined> {
  let start: FileStart;
  try {
    start = await openFileStart(file);
  } catch {
    return undefined; // decoding it says what is wrong
  }
  try {
    if (!isDicom(await start.read(RECOGNISED_BY_BYTES))) return undefined;
    const facts = await readFacts(start, file);
    if (facts === 'directory') return undefined;
    const { patientId, view } = facts;
    return {
      patientId: patientId && `dicom-${(await sha256(new TextEncoder().encode(patientId))).slice(0, 16)}`,
      view: view?.toUpperCase(),
    };
  } catch {
    return { patientId: undefined, view: undefined }; // decoding it says what is wrong
  } finally {
    await start.close();
  }
}

/** Reads on until the facts are there, or the file ends. */
async function readFacts(start: FileStart, name: string): Promise<DicomFacts | 'directory'> {
  for (let wanted = FACTS_BYTES; ; ) {
    const bytes = await start.read(wanted);
    try {
      const isHead = bytes.length >= wanted;
      const file = parseDicomFile(bytes, name, { until: LAST_OF_FACTS, isHead });
      return file.isDirectory ? 'directory' : factsOf(file);
    } catch (error) {
      if (!(error instanceof EndOfBytesError)) throw error;
      wanted = Math.min(Math.max(2 * wanted, error.needed + FACTS_BYTES), start.size + 1); // more than all shows the end
    }
  }
}
