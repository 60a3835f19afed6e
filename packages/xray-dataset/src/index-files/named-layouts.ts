import { DatasetLayoutError } from '../errors.js';
import { type FileNameFacts, readKaggleName, readMendeleyName, readTuberculosisName } from './file-name.js';
import type { ParsedPath } from './parse-path.js';
import type { Place } from './place-images.js';

/** How a dataset folder names its files. */
export type DatasetLayout = 'kaggle' | 'mendeley' | 'tuberculosis' | 'folders';

const NAME_READERS = {
  kaggle: readKaggleName,
  mendeley: readMendeleyName,
  tuberculosis: readTuberculosisName,
} as const;

/** Findings that the folders of the known datasets, and what people make of them, may hold. */
const FINDINGS_OF_FOLDER: Readonly<Record<string, readonly FileNameFacts['finding'][]>> = {
  normal: ['normal'],
  pneumonia: ['bacterial', 'viral'],
  bacteria: ['bacterial'],
  bacterial: ['bacterial'],
  'bacterial pneumonia': ['bacterial'],
  virus: ['viral'],
  viral: ['viral'],
  'viral pneumonia': ['viral'],
};

/**
 * @internal The dataset whose names all images have; `folders` where some have others, such as a set that people put together
 * of several.
 *
 * @throws {DatasetLayoutError} If the Kaggle and the Mendeley names of the same images occur together.
 */
export function detectLayout(images: readonly ParsedPath[], folder: string): DatasetLayout {
  const firstOf = (layout: keyof typeof NAME_READERS) =>
    images.find(({ fileName }) => NAME_READERS[layout](fileName) !== undefined);
  const [kaggle, mendeley] = [firstOf('kaggle'), firstOf('mendeley')];
  if (kaggle && mendeley) {
    throw new DatasetLayoutError({
      folder,
      problem: `mixes two layouts: ${kaggle.path} is named as in the kaggle layout, ${mendeley.path} as in the mendeley layout`,
      fix: 'Both name the same images: keep one of them.',
    });
  }
  for (const layout of ['kaggle', 'mendeley'] as const) {
    if (images.every(({ fileName }) => NAME_READERS[layout](fileName) !== undefined)) return layout;
  }
  return 'folders';
}

/** @internal Whether names say all about the images, wherever they lie. */
export function areTuberculosisSets(images: readonly ParsedPath[]): boolean {
  return images.every(({ fileName }) => readTuberculosisName(fileName) !== undefined);
}

/**
 * @internal What the name of a known dataset says about an image. Its finding counts where the folder is one of the dataset's; in any
 * other folder that people sorted it into, such as `COVID`, the folder's does.
 *
 * @throws {DatasetLayoutError} If name and folder contradict each other.
 */
export function factsOf(
  { image, classFolder }: Place,
  layout: DatasetLayout,
  folder: string,
): { readonly finding: string; readonly patientId: string } | undefined {
  const readers =
    layout === 'folders' ? [readKaggleName, readMendeleyName, readTuberculosisName] : [NAME_READERS[layout]];
  const facts = readers.map((read) => read(image.fileName)).find((one) => one !== undefined);
  if (facts === undefined || layout === 'tuberculosis') return facts;
  const key = classFolder.toLowerCase().replace(/[\s_-]+/g, ' ');
  const allowed = Object.hasOwn(FINDINGS_OF_FOLDER, key) ? FINDINGS_OF_FOLDER[key]! : undefined;
  if (allowed === undefined) return { ...facts, finding: classFolder.toLowerCase() };
  if (!allowed.includes(facts.finding)) {
    const folders = Object.keys(FINDINGS_OF_FOLDER).filter((name) =>
      FINDINGS_OF_FOLDER[name]!.includes(facts.finding),
    );
    throw new DatasetLayoutError({
      folder,
      problem: `${image.path} is ${facts.finding} by its name but lies in ${classFolder}`,
      fix: `Expected it in a folder named ${folders.join(', ')}: move or rename it.`,
    });
  }
  return facts;
}
