import type { Split } from 'xray-core';

const IMAGE_NAME = /\.(jpe?g|jpe|jfif|png|webp|tiff?|dcm|dicom)$/i;
/** Images that cannot be read, and volumes. */
const OTHER_IMAGE_NAME =
  /\.(bmp|dib|gif|heic|heif|avif|jp2|j2k|jpx|jxl|p[bgnp]m|psd|svg|eps|pdf|nii(\.gz)?|nrrd|mha|mhd|npy|npz|raw)$/i;
const SYSTEM_FILE = /^(\..*|__macosx|thumbs\.db|desktop\.ini|ehthumbs\.db|\$recycle\.bin)$/i;

/** @internal What to say about images that are none that can be read. */
export const IMAGE_TYPES = 'jpg, jpeg, jfif, png, webp, tif, tiff or dcm';

const SPLIT_FOLDERS: Readonly<Record<string, Split>> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
  testing: 'test',
};

/** Folders that hold images and say nothing about them. */
const CONTAINERS: ReadonlySet<string> = new Set(['images', 'image', 'imgs', 'img']);

/** A path below the dataset folder, taken apart. */
export interface ParsedPath {
  /** As given. */
  readonly path: string;
  /** Folders from the top, without the file name, in Unicode's normal form C: what macOS unpacks may have another one. */
  readonly folders: readonly string[];
  /** Empty for a folder (a path that ends in `/`). */
  readonly fileName: string;
}

/** Splits a relative POSIX path; `a/b/` is the folder `a/b`, `a/b` the file `b` in `a`. */
export function parsePath(path: string): ParsedPath {
  const parts = path.normalize('NFC').split('/');
  const fileName = parts.pop()!;
  return { path, folders: parts.filter((part) => part !== '' && part !== '.'), fileName };
}

/** By extension, whatever its case. */
export function hasImageName({ fileName }: ParsedPath): boolean {
  return IMAGE_NAME.test(fileName);
}

/** Whether a file is an image, or a volume, of a kind that cannot be read; by extension. */
export function hasOtherImageName({ fileName }: ParsedPath): boolean {
  return OTHER_IMAGE_NAME.test(fileName);
}

/** Files that operating systems leave behind at any depth: hidden ones, `__MACOSX`, `Thumbs.db`, `desktop.ini`. */
export function isSystemFile({ folders, fileName }: ParsedPath): boolean {
  return [...folders, fileName].some((name) => SYSTEM_FILE.test(name));
}

/** Side a folder name stands for, whatever its case. */
export function splitOfFolder(name: string | undefined): Split | undefined {
  const key = name?.toLowerCase() ?? '';
  return Object.hasOwn(SPLIT_FOLDERS, key) ? SPLIT_FOLDERS[key] : undefined;
}

/** Folders that say something about the image: all but those named `images`. */
export function tellingFolders({ folders }: ParsedPath): string[] {
  return folders.filter((name) => !CONTAINERS.has(name.toLowerCase()));
}
