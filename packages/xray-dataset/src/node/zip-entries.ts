import { FileError } from 'xray-core';

/** What is read of an entry of yauzl; its own type would have to be installed by whoever checks types. */
export interface Entry {
  readonly fileName: string;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly externalFileAttributes: number;
  canDecodeFileData(): boolean;
}

/** What an archive may ask for. */
export interface UnpackLimits {
  /** Files and folders. @default 200000 */
  readonly maxEntries: number;
  /** Bytes of all files together, unpacked. @default 17179869184 (16 GiB) */
  readonly maxBytes: number;
  /** How many times smaller than unpacked a file of a megabyte or more may be. @default 100 */
  readonly maxRatio: number;
}

/** @internal */
export const DEFAULT_LIMITS: UnpackLimits = { maxEntries: 200_000, maxBytes: 2 ** 34, maxRatio: 100 };

/** Smaller files cannot do harm, whatever their ratio. */
const RATIO_COUNTS_FROM = 2 ** 20;

/** @internal Whether an entry is a folder: its name ends in a slash. */
export const isFolder = (entry: Entry): boolean => entry.fileName.endsWith('/');

/**
 * @internal Checks the whole directory of an archive before anything is unpacked. Paths that lead out of the folder were
 * refused when it was read.
 *
 * @param archiveBytes - Length of the archive.
 * @returns Bytes of all files, unpacked.
 * @throws {FileError} If one of the entries is unsafe or cannot be unpacked.
 */
export function checkEntries(
  archive: string,
  entries: readonly Entry[],
  archiveBytes: number,
  limits: UnpackLimits,
): number {
  const refuse = (problem: string) =>
    new FileError({ file: archive, problem: `is not safe to unpack (${problem})`, fix: 'Do not use it.' });
  let packed = 0;
  let total = 0;
  for (const entry of entries) {
    const problem = problemOf(entry, limits);
    if (problem !== undefined) throw refuse(problem);
    if (!entry.canDecodeFileData())
      throw new FileError({
        file: archive,
        problem: `has an entry that is encrypted or packed by an unknown method: ${entry.fileName}`,
        fix: 'Unpack it with another program.',
      });
    packed += entry.compressedSize;
    total += entry.uncompressedSize;
  }
  if (packed > archiveBytes) throw refuse('its entries overlap');
  if (total > limits.maxBytes)
    throw refuse(`${total} bytes when unpacked, expected at most ${limits.maxBytes}`);
  const clash = findClash(entries);
  if (clash !== undefined) throw refuse(clash);
  return total;
}

/** Kinds of files in the upper half of the attributes, as Unix has them; 0 where another system made the archive. */
const KIND_MASK = 0o170000;
const PLAIN_KINDS = [0, 0o100000, 0o040000];

function problemOf(entry: Entry, { maxRatio }: UnpackLimits): string | undefined {
  const { fileName, compressedSize, uncompressedSize, externalFileAttributes } = entry;
  const parts = (isFolder(entry) ? fileName.slice(0, -1) : fileName).split('/');
  const isPlain = (part: string) => part !== '' && part !== '.' && [...part].every((letter) => letter >= ' ');
  if (!parts.every(isPlain)) return `unusual path: ${JSON.stringify(fileName)}`;
  if (!PLAIN_KINDS.includes((externalFileAttributes >>> 16) & KIND_MASK))
    return `a link or special file: ${fileName}`;
  if (uncompressedSize >= RATIO_COUNTS_FROM && uncompressedSize > maxRatio * compressedSize)
    return `${fileName} grows from ${compressedSize} to ${uncompressedSize} bytes, expected at most ${maxRatio} times`;
  return undefined;
}

/** Names that are one on some file system, and files that would have to be folders as well. */
function findClash(entries: readonly Entry[]): string | undefined {
  const names = new Map<string, Entry>();
  const nameOf = ({ fileName }: Entry) => fileName.replace(/\/$/, '').normalize('NFC').toLowerCase();
  for (const entry of entries) {
    const same = names.get(nameOf(entry));
    if (same) return `a name twice: ${same.fileName}, ${entry.fileName}`;
    names.set(nameOf(entry), entry);
  }
  for (const name of names.keys()) {
    const parts = name.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const above = names.get(parts.slice(0, depth).join('/'));
      if (above && !isFolder(above)) return `${above.fileName} is a file and a folder`;
    }
  }
  return undefined;
}
