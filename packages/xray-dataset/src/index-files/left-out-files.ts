import { type ParsedPath, splitOfFolder } from './parse-path.js';

/** A file below a dataset folder that gives no sample, and why. */
export interface LeftOutFile {
  /** As listed. */
  readonly path: string;
  /**
   * - `second-copy`: an image below a folder that repeats the folder around it, as in the Kaggle archive;
   * - `mask`: what an image beside it shows, not an image to classify;
   * - `other-dataset`: an image of another dataset beside this one;
   * - `unreadable-type`: an image or a volume of a type that cannot be read, such as bmp;
   * - `view`: a DICOM image that states another view than those asked for;
   * - `no-image`: any other file;
   * - `system-file`: hidden files, `__MACOSX`, `Thumbs.db`, `desktop.ini`.
   */
  readonly reason:
    | 'second-copy'
    | 'mask'
    | 'other-dataset'
    | 'unreadable-type'
    | 'view'
    | 'no-image'
    | 'system-file';
  /** Folder that decided it, for the first three. */
  readonly folder?: string | undefined;
}

const MASK_FOLDER =
  /^(((left|right|lung|manual|segmentation|infection)[ _-]?)*masks?|segmentations?|annotations?)$/i;
const MASK_NAME = /_mask\.\w+$/i;

/** @internal What is left out of images, and the folders it lies in. */
export interface Sorted {
  readonly images: readonly ParsedPath[];
  readonly leftOut: readonly LeftOutFile[];
}

/**
 * @internal Leaves out masks of segmentation: images in a folder that is named so, or with a name that ends in `_mask`. Where
 * there are no others, they are no masks of anything.
 */
export function leaveOutMasks(images: readonly ParsedPath[]): Sorted {
  const folderOf = ({ folders, fileName }: ParsedPath) => {
    const depth = folders.findIndex((name) => MASK_FOLDER.test(name));
    if (depth >= 0) return folders.slice(0, depth + 1).join('/');
    return MASK_NAME.test(fileName) ? folders.join('/') : undefined;
  };
  const kept = images.filter((image) => folderOf(image) === undefined);
  if (kept.length === 0) return { images, leftOut: [] };
  const leftOut = images.flatMap((image): LeftOutFile[] => {
    const folder = folderOf(image);
    return folder === undefined ? [] : [{ path: image.path, reason: 'mask', folder }];
  });
  return { images: kept, leftOut };
}

/**
 * @internal Leaves out folders below which every image has a twin of the same relative path below the folder around it: the
 * second copy of everything in the Kaggle archive (`chest_xray/chest_xray/train/...` beside `chest_xray/train/...`).
 */
export function leaveOutSecondCopies(images: readonly ParsedPath[]): Sorted {
  const keys = new Set(images.map(keyOf));
  const below = new Map<string, { folder: string; images: ParsedPath[]; twins: number }>();
  for (const image of images) {
    const { folders, fileName } = image;
    // At least one folder has to lie between, or a patient's folder could be taken for a copy of the class.
    for (let depth = 0; depth < folders.length - 1; depth++) {
      if (splitOfFolder(folders[depth]) !== undefined) continue; // `train` beside all images says more than they do
      const folder = folders.slice(0, depth + 1).join('/');
      const known = below.get(folder) ?? { folder, images: [], twins: 0 };
      below.set(folder, known);
      known.images.push(image);
      if (keys.has([...folders.slice(0, depth), ...folders.slice(depth + 1), fileName].join('/')))
        known.twins++;
    }
  }
  const copies = [...below.values()].filter(({ images: own, twins }) => twins === own.length);
  const copyOf = new Map<ParsedPath, string>();
  for (const { folder, images: own } of copies)
    for (const image of own) if (!copyOf.has(image)) copyOf.set(image, folder);
  return {
    images: images.filter((image) => !copyOf.has(image)),
    leftOut: [...copyOf].map(([{ path }, folder]) => ({ path, reason: 'second-copy', folder })),
  };
}

function keyOf({ folders, fileName }: ParsedPath): string {
  return [...folders, fileName].join('/');
}
