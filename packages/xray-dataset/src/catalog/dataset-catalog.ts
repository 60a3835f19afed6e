import { type Checksum, InvalidArgumentError, type Split } from 'xray-core';

/** A file to download. */
export interface CatalogFile {
  /** As the source calls it, and as it is stored. */
  readonly name: string;
  readonly url: string;
  /** In bytes. @default unknown */
  readonly size?: number | undefined;
  /** Where the source publishes none, the size is checked and the measured SHA-256 recorded. @default unknown */
  readonly checksum?: Checksum | undefined;
  /** Who says what `size` and `checksum` are. */
  readonly checkedBy: string;
}

/** A public dataset that can be downloaded without an account. */
export interface CatalogEntry {
  /** For `downloadDataset`. */
  readonly name: string;
  readonly title: string;
  /** How to read it: `indexMedmnist` of the file, or `indexFolder` of the unpacked archive. */
  readonly format: 'medmnist' | 'zip';
  readonly file: CatalogFile;
  /** Page that describes it. */
  readonly source: string;
  readonly licence: { readonly name: string; readonly url: string };
  /** To be cited by whoever uses it. */
  readonly citations: readonly string[];
  /** Findings of the samples; for MedMNIST in the order of its labels. */
  readonly findings: readonly string[];
  /** Images of every finding on the sides that come with it. */
  readonly counts: Readonly<Partial<Record<Split, Readonly<Record<string, number>>>>>;
  /** What to know before using it. */
  readonly notes: string;
}

const CC_BY_4 = { name: 'CC BY 4.0', url: 'https://creativecommons.org/licenses/by/4.0/' };
const KERMANY_PAPER =
  'Kermany et al., Identifying Medical Diagnoses and Treatable Diseases by Image-Based Deep Learning, Cell 172(5), 2018, ' +
  'doi:10.1016/j.cell.2018.02.010';
const KERMANY_DATA =
  'Kermany, Zhang, Goldbaum, Labeled Optical Coherence Tomography (OCT) and Chest X-Ray Images for Classification, ' +
  'Mendeley Data, V2, 2018, doi:10.17632/rscbjbr9sj.2';
const MEDMNIST_PAPER =
  'Yang et al., MedMNIST v2 - A large-scale lightweight benchmark for 2D and 3D biomedical image classification, ' +
  'Scientific Data 10, 41, 2023, doi:10.1038/s41597-022-01721-8';

/** PneumoniaMNIST in one of the sizes of MedMNIST+. */
function pneumoniaMnist<Size extends number>(size: Size, md5: string) {
  const name = size === 28 ? 'pneumoniamnist.npz' : `pneumoniamnist_${size}.npz`;
  return {
    name: `pneumonia-mnist-${size}`,
    title: `PneumoniaMNIST, ${size} x ${size} pixels`,
    format: 'medmnist',
    file: {
      name,
      url: `https://zenodo.org/records/10519652/files/${name}?download=1`,
      checksum: { algorithm: 'md5', value: md5 },
      checkedBy: 'MD5 of the Python package medmnist 3.0.2, medmnist/info.py',
    },
    source: 'https://medmnist.com',
    licence: CC_BY_4,
    citations: [MEDMNIST_PAPER, KERMANY_PAPER],
    findings: ['normal', 'pneumonia'],
    counts: {
      train: { normal: 1214, pneumonia: 3494 },
      validation: { normal: 135, pneumonia: 389 },
      test: { normal: 234, pneumonia: 390 },
    },
    notes:
      'Center-cropped and resized from kermany-2018. Patients are unknown, and some may be on both the training and the ' +
      'validation side, so that validation looks better than it is.',
  } as const satisfies CatalogEntry;
}

/**
 * Datasets that `downloadDataset` knows. Counts of PneumoniaMNIST add up to those of its paper, counts of the Kermany
 * dataset are those of its paper.
 */
export const DATASET_CATALOG = {
  'pneumonia-mnist-28': pneumoniaMnist(28, '28209eda62fecd6e6a2d98b1501bb15f'),
  'pneumonia-mnist-64': pneumoniaMnist(64, '8f4eceb4ccffa70c672198ea285246c6'),
  'pneumonia-mnist-128': pneumoniaMnist(128, '05b46931834c231683c68f40c47b2971'),
  'pneumonia-mnist-224': pneumoniaMnist(224, 'd6a3c71de1b945ea11211b03746c1fe1'),
  'kermany-2018': {
    name: 'kermany-2018',
    title: 'Chest X-rays of children of one to five years, Guangzhou, full size',
    format: 'zip',
    file: {
      name: 'ChestXRay2017.zip',
      url: 'https://data.mendeley.com/public-files/datasets/rscbjbr9sj/files/f12eaf6d-6023-432f-acc9-80c9d7393433/file_downloaded',
      size: 1_235_512_464,
      checksum: {
        algorithm: 'sha256',
        value: '13efc055629733dbab07877f8b3c9f81097840dbcdaa326a8542322c2281ce36',
      },
      checkedBy: 'several public projects that pin the same size and SHA-256; the source shows none',
    },
    source: 'https://data.mendeley.com/datasets/rscbjbr9sj/2',
    licence: CC_BY_4,
    citations: [KERMANY_PAPER, KERMANY_DATA],
    findings: ['normal', 'bacterial', 'viral'],
    counts: {
      train: { normal: 1349, bacterial: 2538, viral: 1345 },
      test: { normal: 234, bacterial: 242, viral: 148 },
    },
    notes:
      'The dataset of the reference study; the copy on Kaggle moves 16 of the training images to a validation side. ' +
      'Patients have several images: split by patient.',
  },
} as const satisfies Readonly<Record<string, CatalogEntry>>;

/** Name of a dataset in the catalog. */
export type DatasetName = keyof typeof DATASET_CATALOG;

/**
 * Looks a dataset up.
 *
 * @throws {InvalidArgumentError} Listing the names, if there is none of that name.
 */
export function datasetNamed(name: string): CatalogEntry {
  if (Object.hasOwn(DATASET_CATALOG, name)) return DATASET_CATALOG[name as DatasetName];
  throw new InvalidArgumentError({
    argument: 'name',
    expected: `one of ${Object.keys(DATASET_CATALOG).join(', ')}`,
    received: name,
  });
}
