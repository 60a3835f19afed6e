import type { Sample, Split } from 'xray-core';
import { InvalidArgumentError } from 'xray-core';
import { compareText } from '../compare.js';
import { DatasetLayoutError } from '../errors.js';
import { type FileNameFacts, readKaggleName, readMendeleyName } from './file-name.js';
import { hasImageName, isHidden, type ParsedPath, parsePath, splitOfFolder } from './parse-path.js';

/** How a dataset folder names its files. */
export type DatasetLayout = 'kaggle' | 'mendeley' | 'folders';

/** Options of `indexFiles`. */
export interface IndexOptions {
  /**
   * Patient of an image, from its path. Without it, file names of the Kaggle and Mendeley layouts say whose
   * image it is; in any other layout every file counts as a patient of its own. So it does where it gives `undefined`.
   */
  patientIdOf?: (path: string) => string | undefined;
  /**
   * Whether a file is an image although its name does not end like one, as DICOM files often do not.
   *
   * @default undefined (the name decides)
   */
  isImage?: (path: string) => boolean;
  /** What error messages call the dataset folder. @default 'dataset' */
  folder?: string;
}

/** What is in a dataset folder. */
export interface DatasetIndex {
  /** Sorted by id. */
  readonly samples: readonly Sample[];
  readonly layout: DatasetLayout;
  /** Paths that are not images, and hidden files. */
  readonly ignored: readonly string[];
  /** Images per finding. */
  readonly findings: Readonly<Record<string, number>>;
  readonly patientCount: number;
}

const EXPECTED =
  'Expected one folder per class with jpg, jpeg, png, webp, tif, tiff or dcm images, such as NORMAL and PNEUMONIA, ' +
  'either directly or below train, val and test.';

/** Folders in which the file names of a finding may lie. */
const FOLDERS_OF_FINDING: Readonly<Record<FileNameFacts['finding'], readonly string[]>> = {
  normal: ['normal'],
  bacterial: ['pneumonia', 'bacteria', 'bacterial'],
  viral: ['pneumonia', 'virus', 'viral'],
};

/**
 * Finds out from paths alone which images a dataset has, what they show and whose they are. Three layouts
 * are recognised, folder names and extensions in any case:
 *
 * - `kaggle`: `train|val|test/NORMAL|PNEUMONIA/` with names such as `person1_bacteria_2.jpeg`;
 * - `mendeley`: the same folders with names such as `BACTERIA-1008087-0001.jpeg`;
 * - `folders`: one folder per class, its name in lower case is the finding.
 *
 * The level of `train`, `val` (or `validation`) and `test` may be missing, and all may lie in one outer folder.
 *
 * @param paths - Relative POSIX paths; one that ends in `/` names a folder, so that empty ones are noticed.
 * @returns Samples whose `id` and `source` are the path.
 * @throws {DatasetLayoutError} If there are no images, a class folder has none, images lie outside class
 *   folders, layouts are mixed, or a file name contradicts its folder.
 * @throws {InvalidArgumentError} If a path is listed twice.
 *
 * @example
 * indexFiles(['train/NORMAL/IM-0115-0001.jpeg', 'train/PNEUMONIA/person1_virus_6.jpeg']).layout; // 'kaggle'
 */
export function indexFiles(paths: readonly string[], options: IndexOptions = {}): DatasetIndex {
  const { patientIdOf, folder = 'dataset' } = options;
  const isImage = (path: ParsedPath) =>
    hasImageName(path) || (path.fileName !== '' && options.isImage?.(path.path) === true);
  const parsed = paths.map(parsePath).sort((left, right) => compareText(left.path, right.path));
  checkUnique(parsed);
  const visible = parsed.filter((path) => !isHidden(path));
  const images = visible.filter(isImage);
  if (images.length === 0)
    throw new DatasetLayoutError({ folder, problem: 'holds no images', fix: EXPECTED });

  const outer = countOuterFolders(images);
  const places = images.map((image) => placeOf(image, outer, folder));
  checkSplitLevel(places, folder);
  checkNoEmptyClassFolder(visible, places, outer, folder);

  const layout = detectLayout(places, folder);
  const samples = places.map((place): Sample => {
    const named = factsOf(place, layout, folder);
    const { path } = place.image;
    const patientId = patientIdOf?.(path) ?? named?.patientId;
    return {
      id: path,
      source: path,
      finding: named?.finding ?? place.classFolder.toLowerCase(),
      patientId: patientId ?? path,
      ...(patientId === undefined ? { isPatientUnknown: true } : {}),
      ...(place.split === undefined ? {} : { split: place.split }),
    };
  });

  const counts = new Map<string, number>();
  for (const { finding } of samples) counts.set(finding, (counts.get(finding) ?? 0) + 1);
  const findings = Object.fromEntries(counts);
  return {
    samples,
    layout,
    ignored: parsed
      .filter((path) => path.fileName !== '' && (isHidden(path) || !isImage(path)))
      .map(({ path }) => path),
    findings,
    patientCount: new Set(samples.map(({ patientId }) => patientId)).size,
  };
}

/** An image and the folders that say what it is. */
interface Place {
  readonly image: ParsedPath;
  readonly split: Split | undefined;
  readonly classFolder: string;
}

/** Number of folders around the whole dataset, such as `chest_xray/` of the archives. */
function countOuterFolders(images: readonly ParsedPath[]): number {
  const first = images[0]!.folders;
  let outer = 0;
  while (
    splitOfFolder(first[outer]) === undefined &&
    images.every(({ folders }) => folders.length > outer + 1 && folders[outer] === first[outer])
  ) {
    outer++;
  }
  return outer;
}

function placeOf(image: ParsedPath, outer: number, folder: string): Place {
  const split = splitOfFolder(image.folders[outer]);
  const classFolder = image.folders[split === undefined ? outer : outer + 1];
  if (classFolder === undefined) {
    throw new DatasetLayoutError({ folder, problem: `${image.path} lies in no class folder`, fix: EXPECTED });
  }
  const inner = image.folders.slice(split === undefined ? outer + 1 : outer + 2);
  if (inner.some((name) => splitOfFolder(name) !== undefined)) {
    throw new DatasetLayoutError({
      folder,
      problem: `${image.path} has ${classFolder} where a class folder or train, val or test should be`,
      fix: `${EXPECTED} If ${classFolder} holds a second copy of the images, remove it.`,
    });
  }
  return { image, split, classFolder };
}

function checkSplitLevel(places: readonly Place[], folder: string): void {
  const inside = places.find(({ split }) => split !== undefined);
  const outside = places.find(({ split }) => split === undefined);
  if (inside && outside) {
    throw new DatasetLayoutError({
      folder,
      problem: `mixes two layouts: ${inside.image.path} lies below a split folder, ${outside.image.path} does not`,
      fix: EXPECTED,
    });
  }
}

function checkNoEmptyClassFolder(
  visible: readonly ParsedPath[],
  places: readonly Place[],
  outer: number,
  folder: string,
): void {
  const hasSplitLevel = places[0]!.split !== undefined;
  const depth = hasSplitLevel ? outer + 2 : outer + 1;
  const keyOf = ({ folders }: ParsedPath) => folders.slice(0, depth).join('/');
  const filled = new Set(places.map(({ image }) => keyOf(image)));
  for (const path of visible) {
    const isClassFolder =
      path.folders.length >= depth && (!hasSplitLevel || splitOfFolder(path.folders[outer]) !== undefined);
    if (isClassFolder && !filled.has(keyOf(path))) {
      throw new DatasetLayoutError({
        folder,
        problem: `its class folder ${keyOf(path)} holds no images`,
        fix: `${EXPECTED} Remove the folder if it is no class.`,
      });
    }
  }
}

const NAME_READERS = { kaggle: readKaggleName, mendeley: readMendeleyName } as const;

function detectLayout(places: readonly Place[], folder: string): DatasetLayout {
  for (const layout of ['kaggle', 'mendeley'] as const) {
    const isNamed = ({ image }: Place) => NAME_READERS[layout](image.fileName) !== undefined;
    const named = places.find(isNamed);
    const other = places.find((place) => !isNamed(place));
    if (named && !other) return layout;
    if (named && other) {
      throw new DatasetLayoutError({
        folder,
        problem: `mixes two layouts: ${named.image.path} is named as in the ${layout} layout, ${other.image.path} is not`,
        fix: 'Keep datasets in separate folders, index each of them and join the samples.',
      });
    }
  }
  return 'folders';
}

function factsOf(place: Place, layout: DatasetLayout, folder: string): FileNameFacts | undefined {
  if (layout === 'folders') return undefined;
  const facts = NAME_READERS[layout](place.image.fileName)!;
  const allowed = FOLDERS_OF_FINDING[facts.finding];
  if (!allowed.includes(place.classFolder.toLowerCase())) {
    throw new DatasetLayoutError({
      folder,
      problem: `${place.image.path} is ${facts.finding} by its name but lies in ${place.classFolder}`,
      fix: `Expected it in a folder named ${allowed.join(', ')}: move or rename it.`,
    });
  }
  return facts;
}

function checkUnique(parsed: readonly ParsedPath[]): void {
  parsed.forEach(({ path }, index) => {
    if (path === parsed[index + 1]?.path) {
      throw new InvalidArgumentError({
        argument: 'paths',
        expected: 'different from each other',
        received: path,
      });
    }
  });
}
