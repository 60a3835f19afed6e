import { basename, join, resolve } from 'node:path';
import { type OptionNames, refuseUnknownOptions } from 'xray-core';
import { indexManifest, type ManifestIndex, type ManifestOptions } from '../manifest/index-manifest.js';
import { listImages } from './list-images.js';
import { readTableText } from './read-table-text.js';

const OPTIONS: OptionNames<ManifestFileOptions> = {
  folder: true,
  onProgress: true,
  patientIdOf: true,
  mapping: true,
  classList: true,
  onUnknownFinding: true,
  onMissingFile: true,
  views: true,
};

/** Options of `indexManifestFile`. */
export interface ManifestFileOptions extends Omit<ManifestOptions, 'files' | 'name'> {
  /** Folder with the images, at any depth. */
  folder: string;
}

/**
 * `indexManifest` of CSV files (also `.csv.gz`) and the images below a folder. Where the table names no patient, the Patient
 * ID of DICOM files does, as a hash, so that no error or report shows the number itself.
 *
 * @param file - The table, or several of one kind, such as those of the train and the test side.
 * @returns Samples with the absolute path as `source` and the path relative to `folder`, with `/`, as `id`.
 * @throws {FileError} As `indexManifest` does, or if a table or the folder cannot be read.
 *
 * @example
 * const { samples } = await indexManifestFile('./nih/Data_Entry_2017.csv', {
 *   folder: './nih/images',
 *   mapping: nihMapping(),
 *   classList: NORMAL_PNEUMONIA,
 *   onUnknownFinding: 'skip',
 * });
 */
export async function indexManifestFile(
  file: string | readonly string[],
  options: ManifestFileOptions,
): Promise<ManifestIndex> {
  refuseUnknownOptions('indexManifestFile', options, OPTIONS);
  const { folder, ...rest } = options;
  const tables = [];
  for (const path of [file].flat()) tables.push({ name: basename(path), text: await readTableText(path) });
  const images = await listImages(folder);
  const patients = new Map(
    images.filter(({ isPatientUnknown }) => !isPatientUnknown).map(({ id, patientId }) => [id, patientId]),
  );
  const index = indexManifest(tables, {
    ...rest,
    files: images.map(({ id }) => id),
    patientIdOf: (path) => rest.patientIdOf?.(path) ?? patients.get(path),
  });
  const root = resolve(folder);
  return { ...index, samples: index.samples.map((sample) => ({ ...sample, source: join(root, sample.id) })) };
}
