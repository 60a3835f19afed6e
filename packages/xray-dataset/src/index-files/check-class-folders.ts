import { DatasetLayoutError } from '../errors.js';
import { describeTree } from './describe-tree.js';
import {
  hasOtherImageName,
  IMAGE_TYPES,
  type ParsedPath,
  splitOfFolder,
  tellingFolders,
} from './parse-path.js';
import { EXPECTED, type Placement } from './place-images.js';

/**
 * @internal Refuses class folders without images: the class would be missing without a word.
 *
 * @param visible - All paths but those left out, with folders.
 * @throws {DatasetLayoutError} Naming the folder, and the type of what is in it.
 */
export function checkClassFolders(
  visible: readonly ParsedPath[],
  { places, root }: Placement,
  folder: string,
): void {
  const outer = root === '' ? [] : root.split('/');
  const isSplit = (name: string | undefined) => splitOfFolder(name) !== undefined;
  const hasSides = places[0]!.split !== undefined;
  const depth = outer.length + (hasSides ? 2 : 1);
  const keyOf = (path: ParsedPath) => tellingFolders(path).slice(0, depth).join('/');
  const filled = new Set(places.map(({ image }) => keyOf(image)));
  for (const path of visible) {
    const folders = tellingFolders(path);
    const isInside = folders.length >= depth && outer.every((name, index) => folders[index] === name);
    const isClass = isInside && (!hasSides || folders.slice(outer.length, depth).some(isSplit));
    if (!isClass || filled.has(keyOf(path))) continue;
    const own = visible.filter((one) => one.fileName !== '' && keyOf(one) === keyOf(path));
    const others = own.filter(hasOtherImageName);
    throw new DatasetLayoutError({
      folder,
      problem: `its class folder ${keyOf(path)} holds no images${others.length > 0 ? ' that can be read' : ''}`,
      ...(own.length > 0 ? { found: describeTree(own) } : {}),
      fix:
        others.length > 0
          ? `Convert them to png or another of ${IMAGE_TYPES}.`
          : `${EXPECTED} Remove the folder if it is no class.`,
    });
  }
}
