import { stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { InvalidArgumentError } from 'xray-core';
import { listImages } from 'xray-dataset/node';

/**
 * The image files that paths stand for: files as they are, whether they exist or not; images at any depth below folders, DICOM
 * files by their content; and what patterns such as `scans/*.dcm` match. A file that is found twice is named once.
 *
 * @throws {InvalidArgumentError} If nothing is named, or a pattern matches nothing.
 * @throws {FileError} If a folder holds no images.
 */
export async function findImages(paths: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) for (const file of await filesOf(path)) found.add(file);
  if (found.size > 0) return [...found];
  throw new InvalidArgumentError({ argument: 'images', expected: 'image files or folders', received: paths });
}

async function filesOf(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return (await listImages(path)).map(({ id }) => join(path, ...id.split('/')));
  if (found || !isDynamicPattern(path)) return [path];
  const matches = await glob(path.split(sep).join('/'), { expandDirectories: false });
  if (matches.length > 0) return matches.sort();
  throw new InvalidArgumentError({
    argument: 'images',
    expected: 'a file, a folder or a pattern that matches files',
    received: path,
  });
}
