import { join } from 'node:path';
import type { Sample } from 'xray-core';
import { FileError } from 'xray-core';
import { compareText } from '../compare.js';
import { hasImageName, IMAGE_TYPES, isSystemFile, parsePath } from '../index-files/parse-path.js';
import { UNLABELLED } from '../unlabelled.js';
import { findDicomFiles } from './find-dicom-files.js';
import { listFolder } from './list-folder.js';

/**
 * Every image below a folder, whatever its layout: files named like images, and DICOM files by their content. For an
 * audit of images without labels; nothing can be trained with them.
 *
 * @returns Samples as `indexFolder` gives them, sorted by id, with the finding `unlabelled`. The patient is a hash of the
 *   Patient ID tag of DICOM files; any other file counts as a patient of its own.
 * @throws {FileError} If `directory` is missing, unreadable, not a folder, or holds no images.
 *
 * @example
 * const audit = await auditDataset(await listImages('./scans'), { open: openImageFile });
 */
export async function listImages(directory: string): Promise<Sample[]> {
  const { root, paths } = await listFolder(directory);
  const parsed = paths.map(parsePath).filter((path) => path.fileName !== '' && !isSystemFile(path));
  const dicom = await findDicomFiles(
    root,
    parsed.map(({ path }) => path),
  );
  const images = parsed.filter((path) => hasImageName(path) || dicom.has(path.path));
  if (images.length === 0) {
    throw new FileError({
      file: directory,
      problem: `holds no images, expected ${IMAGE_TYPES} files`,
    });
  }
  return images
    .map(({ path }) => ({
      id: path,
      source: join(root, path),
      finding: UNLABELLED,
      patientId: dicom.get(path)?.patientId ?? path,
      ...(dicom.get(path)?.patientId === undefined ? { isPatientUnknown: true } : {}),
    }))
    .sort((left, right) => compareText(left.id, right.id));
}
