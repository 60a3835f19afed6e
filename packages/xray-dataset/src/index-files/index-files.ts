import type { Sample } from 'xray-core';
import { InvalidArgumentError } from 'xray-core';
import { compareText } from '../compare.js';
import { DatasetLayoutError } from '../errors.js';
import { checkClassFolders } from './check-class-folders.js';
import { describeTree } from './describe-tree.js';
import { type LeftOutFile, leaveOutMasks, leaveOutSecondCopies } from './left-out-files.js';
import { areTuberculosisSets, type DatasetLayout, detectLayout, factsOf } from './named-layouts.js';
import {
  hasImageName,
  hasOtherImageName,
  IMAGE_TYPES,
  isSystemFile,
  type ParsedPath,
  parsePath,
} from './parse-path.js';
import { type InnerFolder, patientsOfFolders, recognisePatientFolders } from './patient-folders.js';
import { EXPECTED, type Place, placeImages } from './place-images.js';

/** Options of `indexFiles`. */
export interface IndexOptions {
  /** Patient of an image, from its path; where it gives `undefined`, names and folders decide as without it. */
  patientIdOf?: ((path: string) => string | undefined) | undefined;
  /**
   * What says whose image it is where `patientIdOf` does not:
   *
   * - `'names'`: file names of the known layouts; else the folders below the class folders, where they are called like
   *   patients (`NORMAL/patient001/a.png`); else nothing, and every image counts as a patient of its own
   *   (`isPatientUnknown`);
   * - `'folder'`: the folder below the class folder, whatever it is called;
   * - `'file'`: every file is known to be of another patient.
   *
   * @default 'names'
   */
  patientFrom?: 'names' | 'folder' | 'file' | undefined;
  /**
   * Whether a file is an image although its name does not end like one, as DICOM files often do not.
   *
   * @default undefined (the name decides)
   */
  isImage?: ((path: string) => boolean) | undefined;
  /** What error messages call the dataset folder. @default 'dataset' */
  folder?: string | undefined;
}

/** What is in a dataset folder. */
export interface DatasetIndex {
  /** Sorted by id. */
  readonly samples: readonly Sample[];
  readonly layout: DatasetLayout;
  /** Files that give no sample, sorted by path, each with the reason. */
  readonly leftOut: readonly LeftOutFile[];
  /** Whether folders below the class folders said whose images these are. */
  readonly hasPatientFolders: boolean;
  /** Images per finding. */
  readonly findings: Readonly<Record<string, number>>;
  /** Those that are unknown count as one for every image. */
  readonly patientCount: number;
}

/**
 * Finds out from paths alone which images a dataset has, what they show and whose they are. Folder names and extensions count
 * in any case; these layouts are recognised:
 *
 * - `kaggle`: `train|val|test/NORMAL|PNEUMONIA/` with names such as `person1_bacteria_2.jpeg`;
 * - `mendeley`: the same folders with names such as `BACTERIA-1008087-0001.jpeg`;
 * - `tuberculosis`: the sets of Shenzhen and Montgomery County, `CHNCXR_0001_0.png`, in any folders;
 * - `folders`: one folder per class, its name in lower case is the finding.
 *
 * The folders of the sides (`train`, `training`, `val`, `valid`, `validation`, `test`, `testing`) may be missing, or lie in
 * the class folders; all may lie in outer folders, and folders named `images` say nothing. Masks, a second copy of everything, retinal
 * images beside the chest X-rays, files that are no images and those that operating systems leave behind are left out and listed.
 *
 * @param paths - Relative POSIX paths; one that ends in `/` names a folder, so that empty ones are noticed.
 * @returns Samples whose `source` is the path, and whose `id` is the path in Unicode's normal form C, the same on all systems.
 * @throws {DatasetLayoutError} If there are no images, a class folder has none, images lie outside class
 *   folders, layouts are mixed, a file name contradicts its folder, or `patientFrom` is `'folder'` and there is none.
 * @throws {InvalidArgumentError} If a path is listed twice.
 *
 * @example
 * indexFiles(['train/NORMAL/IM-0115-0001.jpeg', 'train/PNEUMONIA/person1_virus_6.jpeg']).layout; // 'kaggle'
 */
export function indexFiles(paths: readonly string[], options: IndexOptions = {}): DatasetIndex {
  const { folder = 'dataset' } = options;
  const isImage = (path: ParsedPath) =>
    hasImageName(path) || (path.fileName !== '' && options.isImage?.(path.path) === true);
  const parsed = paths.map(parsePath).sort((left, right) => compareText(left.path, right.path));
  checkUnique(parsed);
  const visible = parsed.filter((path) => !isSystemFile(path));
  const found = visible.filter(isImage);
  if (found.length === 0) throw noImages(visible, folder);

  const masks = leaveOutMasks(found);
  const copies = leaveOutSecondCopies(masks.images);
  const areNamed = areTuberculosisSets(copies.images);
  const placement = areNamed ? placeAnywhere(copies.images) : placeImages(copies.images, folder);
  const { places } = placement;
  const layout = areNamed
    ? 'tuberculosis'
    : detectLayout(
        places.map(({ image }) => image),
        folder,
      );
  const moved = new Set([...masks.leftOut, ...copies.leftOut, ...placement.leftOut].map(({ path }) => path));
  if (!areNamed) {
    const copied = new Set([...copies.leftOut, ...placement.leftOut].map((file) => file.folder!));
    const isMoved = ({ path, folders }: ParsedPath) =>
      moved.has(path) || [...copied].some((name) => folders.join('/').startsWith(name));
    checkClassFolders(
      visible.filter((path) => !isMoved(path)),
      placement,
      folder,
    );
  }
  const { samples, hasPatientFolders } = samplesOf(places, layout, options, folder);
  const counts = new Map<string, number>();
  for (const { finding } of samples) counts.set(finding, (counts.get(finding) ?? 0) + 1);
  return {
    samples,
    layout,
    leftOut: [
      ...masks.leftOut,
      ...copies.leftOut,
      ...placement.leftOut,
      ...parsed.filter(isSystemFile).map(({ path }) => ({ path, reason: 'system-file' }) as const),
      ...visible
        .filter((path) => !isImage(path))
        .map(
          (path) =>
            ({ path: path.path, reason: hasOtherImageName(path) ? 'unreadable-type' : 'no-image' }) as const,
        ),
    ]
      .filter(({ path }) => !path.endsWith('/'))
      .sort((left, right) => compareText(left.path, right.path)),
    hasPatientFolders,
    findings: Object.fromEntries(counts),
    patientCount: new Set(samples.map(({ patientId }) => patientId)).size,
  };
}

function samplesOf(
  places: readonly Place[],
  layout: DatasetLayout,
  { patientIdOf, patientFrom = 'names' }: IndexOptions,
  folder: string,
): { samples: Sample[]; hasPatientFolders: boolean } {
  const known = places.map((place) => {
    const facts = factsOf(place, layout, folder);
    const given = patientIdOf?.(place.image.path);
    return { place, facts, patientId: given ?? (patientFrom === 'names' ? facts?.patientId : undefined) };
  });
  const innerOf = ({ classFolder, inner }: Place): InnerFolder => ({ classFolder, name: inner[0] });
  const open = known.filter(({ patientId }) => patientId === undefined).map(({ place }) => innerOf(place));
  const ofFolder = patientFrom === 'folder' ? patientsOfFolders(open) : recognisePatientFolders(open);
  const samples = known.map(({ place, facts, patientId }): Sample => {
    const { image, split, classFolder } = place;
    const id = image.path.normalize('NFC');
    const inner = innerOf(place);
    if (patientId === undefined && patientFrom === 'folder' && inner.name === undefined) {
      throw new DatasetLayoutError({
        folder,
        problem: `${image.path} lies in no folder below its class folder, so that no folder says whose image it is`,
        fix: "Read patients from something else than 'folder'.",
      });
    }
    const patient = patientId ?? (patientFrom === 'file' ? id : ofFolder?.(inner));
    return {
      id,
      source: image.path,
      finding: facts?.finding ?? classFolder.toLowerCase(),
      patientId: patient ?? id,
      ...(patient === undefined ? { isPatientUnknown: true } : {}),
      ...(split === undefined ? {} : { split }),
    };
  });
  samples.sort((left, right) => compareText(left.id, right.id));
  const hasPatientFolders = patientFrom !== 'file' && ofFolder !== undefined && open.length > 0;
  return { samples, hasPatientFolders };
}

/** Where names say everything and folders nothing. */
function placeAnywhere(images: readonly ParsedPath[]) {
  const places = images.map((image): Place => ({ image, split: undefined, classFolder: '', inner: [] }));
  return { places, leftOut: [] as LeftOutFile[], root: '' };
}

function noImages(visible: readonly ParsedPath[], folder: string): DatasetLayoutError {
  const files = visible.filter(({ fileName }) => fileName !== '');
  const others = files.filter(hasOtherImageName);
  const types = new Set(
    others.map(({ fileName }) => fileName.slice(fileName.lastIndexOf('.')).toLowerCase()),
  );
  const readable =
    others.length > 0 ? ` that can be read, but ${others.length} ${[...types].join(', ')} files` : '';
  return new DatasetLayoutError({
    folder,
    problem: `holds no images${readable}`,
    ...(files.length > 0 ? { found: describeTree(files) } : {}),
    fix: others.length > 0 ? `Convert them to png or another of ${IMAGE_TYPES}. ${EXPECTED}` : EXPECTED,
  });
}

function checkUnique(parsed: readonly ParsedPath[]): void {
  const seen = new Set<string>();
  for (const { path } of parsed) {
    const id = path.normalize('NFC');
    if (seen.has(id)) {
      throw new InvalidArgumentError({
        argument: 'paths',
        expected: 'different from each other',
        received: path,
      });
    }
    seen.add(id);
  }
}
