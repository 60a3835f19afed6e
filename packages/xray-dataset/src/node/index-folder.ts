import { join } from 'node:path';
import { type DatasetIndex, type IndexOptions, indexFiles } from '../index-files/index-files.js';
import { isSystemFile, parsePath } from '../index-files/parse-path.js';
import { findDicomFiles } from './find-dicom-files.js';
import { listFolder } from './list-folder.js';

/**
 * Finds out which images a dataset folder has, what they show and whose they are; see `indexFiles` for the
 * layouts. Links to files and folders are followed. DICOM files are recognised by their content, whatever their names;
 * their patient is a hash of the Patient ID tag, so that no error or report shows the number itself.
 *
 * @returns Samples with the absolute path as `source` and the path relative to `directory`, with `/`, in Unicode's normal form C,
 *   as `id`.
 * @throws {FileError} If `directory` is missing, unreadable, empty or not a folder.
 * @throws {DatasetLayoutError} If its structure is none of the layouts.
 *
 * @example
 * const { samples } = await indexFolder('./chest_xray');
 */
export async function indexFolder(
  directory: string,
  options: Pick<IndexOptions, 'patientIdOf' | 'patientFrom'> = {},
): Promise<DatasetIndex> {
  const { patientFrom = 'names' } = options;
  const { root, paths } = await listFolder(directory);
  const dicom = await findDicomFiles(
    root,
    paths.filter((path) => !isSystemFile(parsePath(path))),
  );
  const index = indexFiles(paths, {
    patientIdOf: (path) =>
      options.patientIdOf?.(path) ?? (patientFrom === 'names' ? dicom.get(path)?.patientId : undefined),
    patientFrom,
    isImage: (path) => dicom.has(path),
    folder: directory,
  });
  return {
    ...index,
    samples: index.samples.map((sample) => ({ ...sample, source: join(root, sample.source) })),
  };
}
