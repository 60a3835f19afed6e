import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FileError } from 'xray-core';

/** @internal Everything below a folder. */
export interface FolderListing {
  /** Absolute path of the folder. */
  readonly root: string;
  /** Relative to it, with `/`; those that end in `/` are folders. Links are followed. */
  readonly paths: readonly string[];
}

/**
 * @internal Lists a dataset folder.
 *
 * @throws {FileError} If it is missing, unreadable, empty or not a folder.
 */
export async function listFolder(directory: string): Promise<FolderListing> {
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
  return { root, paths };
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
    const isArchive = /\.(zip|tar|tgz|gz|7z|rar)$/i.test(directory);
    throw new FileError({
      file: directory,
      problem: isArchive
        ? 'is an archive, expected the folder that it unpacks to'
        : 'is a file, expected a dataset folder',
      fix: isArchive
        ? 'Unpack it and pass the folder. Public datasets are downloaded and unpacked by `npx xray-cli download`.'
        : 'Pass the folder with the images.',
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
  for (const entry of await readEntries(folder)) {
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

/** A folder that cannot be read is not left out: nobody would notice what is missing. */
async function readEntries(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new FileError({
      file: folder,
      problem: `could not be read (${code})`,
      fix: 'Make it readable, or move it out of the dataset.',
      cause: error,
    });
  }
}
