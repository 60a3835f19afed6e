import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FileError } from 'xray-core';

import { type DatasetIndex, type IndexOptions, indexFiles } from '../index-files/index-files.js';
import { isHidden, parsePath } from '../index-files/parse-path.js';
import { findDicomFiles } from './find-dicom-files.js';

/**
 * Finds out which images a dataset folder has, what they show and whose they are; see `indexFiles` for the
 * layouts. Links to files and folders are followed. DICOM files are recognised by their content, whatever their names;
 * their patient is a hash of the Patient ID tag, so that no error or report shows the number itself.
 *
 * @returns Samples with the absolute path as `source` and the path relative to `directory`, with `/`, as `id`.
 * @throws {FileError} If `directory` is missing, unreadable, empty or not a folder.
 * @throws {DatasetLayoutError} If its structure is none of the layouts.
 *
 * @example
 * const { samples } = await indexFolder('./chest_xray');
 */
export async function indexFolder(
  directory: string,
  options: Pick<IndexOptions, 'patientIdOf'> = {},
): Promise<DatasetIndex> {
  const root = resolve(directory);
  await checkFolder(directory);
  const paths: string[] = [];
  await listPaths(root, '', [], paths);
  if (paths.length === 0) {
    throw new FileError({
      file: directory,
      problem: 'is empty, expected folders with images',
      fix: 'Unpack the dataset into it, or choose another folder.',
    });
  }
  const dicom = await findDicomFiles(
    root,
    paths.filter((path) => !isHidden(parsePath(path))),
  );
  const index = indexFiles(paths, {
    patientIdOf: (path) => options.patientIdOf?.(path) ?? dicom.get(path),
    isImage: (path) => dicom.has(path),
    folder: directory,
  });
  return { ...index, samples: index.samples.map((sample) => ({ ...sample, source: join(root, sample.id) })) };
}

async function checkFolder(directory: string): Promise<void> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(directory)).isDirectory();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new FileError({
      file: directory,
      problem:
        code === 'ENOENT' ? 'does not exist, expected a dataset folder' : `could not be read (${code})`,
      fix: 'Check the path.',
      cause: error,
    });
  }
  if (!isFolder) {
    throw new FileError({
      file: directory,
      problem: 'is a file, expected a dataset folder',
      fix: 'Unpack archives first.',
    });
  }
}

/** Adds files as `a/b` and folders as `a/`. `ancestors` are real paths: a link to one of them would never end. */
async function listPaths(
  root: string,
  below: string,
  ancestors: readonly string[],
  paths: string[],
): Promise<void> {
  const folder = join(root, below);
  const real = await realpath(folder);
  if (ancestors.includes(real)) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = `${below}${entry.name}`;
    const target = entry.isSymbolicLink() ? await stat(join(root, path)).catch(() => undefined) : entry;
    if (target?.isDirectory()) {
      paths.push(`${path}/`);
      await listPaths(root, `${path}/`, [...ancestors, real], paths);
    } else {
      paths.push(path); // a dead link too: decoding it then says what is wrong
    }
  }
}
