import type { Split } from 'xray-core';
import { DatasetLayoutError } from '../errors.js';
import { describeTree } from './describe-tree.js';
import type { LeftOutFile } from './left-out-files.js';
import { IMAGE_TYPES, type ParsedPath, splitOfFolder, tellingFolders } from './parse-path.js';

/** @internal What errors say a dataset folder should look like. */
export const EXPECTED =
  `Expected one folder per class with ${IMAGE_TYPES} images, such as NORMAL and PNEUMONIA, ` +
  'either directly or below train, val and test.';

/** @internal An image and the folders that say what it is. */
export interface Place {
  readonly image: ParsedPath;
  readonly split: Split | undefined;
  readonly classFolder: string;
  /** Folders between the class folder and the image. */
  readonly inner: readonly string[];
}

/** @internal Images that lie where a layout expects them. */
export interface Placement {
  readonly places: readonly Place[];
  readonly leftOut: readonly LeftOutFile[];
  /** Folders around those of the sides, or around those of the classes. */
  readonly root: string;
}

/**
 * @internal Finds the folder of each image's class, and its side: below one outer path, either class folders, or folders of the
 * sides with class folders in them, or class folders with folders of the sides in them.
 *
 * @throws {DatasetLayoutError} If there is no such structure, or there are several.
 */
export function placeImages(images: readonly ParsedPath[], folder: string): Placement {
  const all = images.map((image) => {
    const folders = tellingFolders(image);
    return { image, folders, at: folders.findLastIndex((name) => splitOfFolder(name) !== undefined) };
  });
  const sided = all.filter(({ at }) => at >= 0);
  if (sided.length === 0) return placeByClass(all, folder);
  const outside = all.find(({ at }) => at < 0);
  if (outside) {
    throw new DatasetLayoutError({
      folder,
      problem: `mixes two layouts: ${sided[0]!.image.path} lies below a split folder, ${outside.image.path} does not`,
      found: describeTree(images),
      fix: EXPECTED,
    });
  }
  const isClassAbove = sided.every(({ folders, at }) => at > 0 && at === folders.length - 1);
  const offset = isClassAbove && new Set(sided.map(({ folders, at }) => folders[at - 1])).size > 1 ? 1 : 0;
  const rooted = sided.map((one) => ({ ...one, root: one.folders.slice(0, one.at - offset).join('/') }));
  const { root, leftOut } = chooseRoot(rooted, images, folder);
  const places = rooted
    .filter((one) => one.root === root)
    .map(({ image, folders, at }): Place => {
      const classFolder = folders[offset === 1 ? at - 1 : at + 1];
      if (classFolder === undefined) throw noClassFolder(image, images, folder);
      return { image, split: splitOfFolder(folders[at]), classFolder, inner: folders.slice(at + 2) };
    });
  return { places, leftOut, root };
}

interface Located {
  readonly image: ParsedPath;
  readonly folders: readonly string[];
}

/** Below the folders that all images share. */
function placeByClass(all: readonly Located[], folder: string): Placement {
  const first = all[0]!.folders;
  let outer = 0;
  while (all.every(({ folders }) => folders.length > outer + 1 && folders[outer] === first[outer])) outer++;
  const places = all.map(({ image, folders }): Place => {
    const classFolder = folders[outer];
    if (classFolder === undefined)
      throw noClassFolder(
        image,
        all.map((one) => one.image),
        folder,
      );
    return { image, split: undefined, classFolder, inner: folders.slice(outer + 1) };
  });
  return { places, leftOut: [], root: first.slice(0, outer).join('/') };
}

/** Of several datasets the chest X-rays, where the others are the retinal images that are published with them. */
function chooseRoot(
  rooted: readonly (Located & { readonly root: string })[],
  images: readonly ParsedPath[],
  folder: string,
): { root: string; leftOut: readonly LeftOutFile[] } {
  const roots = [...new Set(rooted.map(({ root }) => root))];
  const isRetina = (root: string) => /(^|\/)oct\w*$/i.test(root);
  const chests = roots.filter((root) => !isRetina(root));
  if (chests.length !== 1) {
    throw new DatasetLayoutError({
      folder,
      problem: `holds several datasets, in ${roots.map((root) => root || 'itself').join(', ')}`,
      found: describeTree(images),
      fix: 'Pass the folder of one of them, and remove copies.',
    });
  }
  const leftOut = rooted
    .filter(({ root }) => root !== chests[0])
    .map(({ image, root }): LeftOutFile => ({ path: image.path, reason: 'other-dataset', folder: root }));
  return { root: chests[0]!, leftOut };
}

function noClassFolder(image: ParsedPath, images: readonly ParsedPath[], folder: string): DatasetLayoutError {
  return new DatasetLayoutError({
    folder,
    problem: `${image.path} lies in no class folder`,
    found: describeTree(images),
    fix: EXPECTED,
  });
}
