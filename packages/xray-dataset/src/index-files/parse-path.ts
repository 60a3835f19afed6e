import type { Split } from 'xray-core';

const IMAGE_NAME = /\.(jpe?g|png|webp|tiff?|dcm|dicom)$/i;

const SPLIT_FOLDERS: Readonly<Record<string, Split>> = {
  train: 'train',
  val: 'validation',
  validation: 'validation',
  test: 'test',
};

/** A path below the dataset folder, taken apart. */
export interface ParsedPath {
  /** As given. */
  readonly path: string;
  /** Folders from the top, without the file name. */
  readonly folders: readonly string[];
  /** Empty for a folder (a path that ends in `/`). */
  readonly fileName: string;
}

/** Splits a relative POSIX path; `a/b/` is the folder `a/b`, `a/b` the file `b` in `a`. */
export function parsePath(path: string): ParsedPath {
  const parts = path.split('/');
  const fileName = parts.pop()!;
  return { path, folders: parts.filter((part) => part !== '' && part !== '.'), fileName };
}

/** By extension, whatever its case. */
export function hasImageName({ fileName }: ParsedPath): boolean {
  return IMAGE_NAME.test(fileName);
}

/** Files that are no part of a dataset: hidden ones, and the resource forks macOS adds to archives. */
export function isHidden({ folders, fileName }: ParsedPath): boolean {
  return [...folders, fileName].some((name) => name.startsWith('.') || name === '__MACOSX');
}

/** Side a folder name stands for, whatever its case. */
export function splitOfFolder(name: string | undefined): Split | undefined {
  const key = name?.toLowerCase() ?? '';
  return Object.hasOwn(SPLIT_FOLDERS, key) ? SPLIT_FOLDERS[key] : undefined;
}
