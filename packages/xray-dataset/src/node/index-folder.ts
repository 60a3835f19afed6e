import { join } from 'node:path';
import { InvalidArgumentError, type OptionNames, refuseUnknownOptions, type Sample } from 'xray-core';
import { compareText } from '../compare.js';
import { type DatasetIndex, type IndexOptions, indexFiles } from '../index-files/index-files.js';
import { isSystemFile, parsePath } from '../index-files/parse-path.js';
import { findDicomFiles } from './find-dicom-files.js';
import { listFolder } from './list-folder.js';

const OPTIONS: OptionNames<IndexFolderOptions> = {
  views: true,
  patientIdOf: true,
  patientFrom: true,
};

/** Options of `indexFolder`. */
export interface IndexFolderOptions extends Pick<IndexOptions, 'patientIdOf' | 'patientFrom'> {
  /**
   * Views to take, such as `['PA', 'AP']`: DICOM images that state another one are left out. Images that state none are taken.
   *
   * @default undefined (all)
   */
  views?: readonly string[] | undefined;
}

/**
 * Finds out which images a dataset folder has, what they show and whose they are; see `indexFiles` for the
 * layouts. Links to files and folders are followed. DICOM files are recognised by their content, whatever their names;
 * their patient is a hash of the Patient ID tag, so that no error or report shows the number itself.
 *
 * @returns Samples with the absolute path as `source` and the path relative to `directory`, with `/`, in Unicode's normal form C,
 *   as `id`.
 * @throws {FileError} If `directory` is missing, unreadable, empty or not a folder.
 * @throws {DatasetLayoutError} If its structure is none of the layouts.
 * @throws {InvalidArgumentError} If `views` are given and no image states one of them.
 *
 * @example
 * const { samples } = await indexFolder('./chest_xray');
 */
export async function indexFolder(
  directory: string,
  options: IndexFolderOptions = {},
): Promise<DatasetIndex> {
  refuseUnknownOptions('indexFolder', options, OPTIONS);
  const { patientFrom = 'names', views } = options;
  const { root, paths } = await listFolder(directory);
  const dicom = await findDicomFiles(
    root,
    paths.filter((path) => !isSystemFile(parsePath(path))),
  );
  const index = indexFiles(paths, {
    patientIdOf: (path) =>
      options.patientIdOf?.(path) ?? (patientFrom === 'names' ? dicom.get(path)?.patientId : undefined),
    patientFrom,
    isImage: (path) => dicom.has(path),
    folder: directory,
  });
  const viewOf = ({ source }: Sample) => dicom.get(source)?.view;
  const isWanted = views ? checkViews(directory, views, index.samples.map(viewOf)) : () => true;
  const samples = index.samples.filter((sample) => isWanted(viewOf(sample)));
  if (samples.length === index.samples.length) return withSources(index, root);
  const otherViews = index.samples.filter((sample) => !isWanted(viewOf(sample)));
  const leftOut = otherViews.map(({ source }) => ({ path: source, reason: 'view' as const }));
  const findings: Record<string, number> = {};
  for (const { finding } of samples) findings[finding] = (findings[finding] ?? 0) + 1;
  const patientCount = new Set(samples.map(({ patientId }) => patientId)).size;
  const sorted = [...index.leftOut, ...leftOut].sort((left, right) => compareText(left.path, right.path));
  return withSources({ ...index, samples, leftOut: sorted, findings, patientCount }, root);
}

const withSources = (index: DatasetIndex, root: string): DatasetIndex => ({
  ...index,
  samples: index.samples.map((sample) => ({ ...sample, source: join(root, sample.source) })),
});

/** Whether an image that states a view, or none, is wanted. */
function checkViews(
  directory: string,
  views: readonly string[],
  stated: readonly (string | undefined)[],
): (view: string | undefined) => boolean {
  const wanted = new Set(views.map((view) => view.toUpperCase()));
  const isWanted = (view: string | undefined) => view === undefined || wanted.has(view);
  const known = [...new Set(stated.filter((view) => view !== undefined))].sort();
  if (known.length > 0 && stated.some(isWanted)) return isWanted;
  throw new InvalidArgumentError({
    argument: 'views',
    expected:
      known.length > 0
        ? `among those that the DICOM files of ${directory} state: ${known.join(', ')}`
        : `left out for ${directory}, where no DICOM file states a view`,
    received: views,
  });
}
