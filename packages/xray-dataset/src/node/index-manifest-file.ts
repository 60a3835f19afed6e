import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { FileError } from 'xray-core';
import { indexManifest, type ManifestIndex, type ManifestOptions } from '../manifest/index-manifest.js';
import { listImages } from './list-images.js';

/** Options of `indexManifestFile`. */
export interface ManifestFileOptions extends Omit<ManifestOptions, 'files' | 'name'> {
  /** Folder with the images, at any depth. */
  folder: string;
}

/**
 * `indexManifest` of a CSV file and the images below a folder.
 *
 * @returns Samples with the absolute path as `source` and the path relative to `folder`, with `/`, as `id`.
 * @throws {FileError} As `indexManifest` does, or if the table or the folder cannot be read.
 *
 * @example
 * const { samples } = await indexManifestFile('./nih/Data_Entry_2017.csv', {
 *   folder: './nih/images',
 *   mapping: nihMapping(),
 *   classList: NORMAL_PNEUMONIA,
 *   onUnknownFinding: 'skip',
 * });
 */
export async function indexManifestFile(file: string, options: ManifestFileOptions): Promise<ManifestIndex> {
  const { folder, ...rest } = options;
  const csv = await readTableFile(file);
  const images = await listImages(folder);
  const index = indexManifest(csv, { ...rest, files: images.map(({ id }) => id), name: basename(file) });
  const root = resolve(folder);
  return { ...index, samples: index.samples.map((sample) => ({ ...sample, source: join(root, sample.id) })) };
}

async function readTableFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT';
    throw new FileError({
      file,
      problem: `${isMissing ? 'does not exist' : `could not be read (${code})`}, expected a CSV table of the images`,
      cause: error,
    });
  }
}
