import { basename, resolve } from 'node:path';
import type { ClassList, Sample } from 'xray-core';
import {
  createSyntheticDataset,
  type Decode,
  limitPerClass,
  type PixelStore,
  type Splits,
  splitAtRandom,
  splitByPatient,
} from 'xray-dataset';
import { decodeImageFile, fileDecoder, indexFolder } from 'xray-dataset/node';
import type { TrainingFlags } from './flags.js';

/** Images to work on and how to read them. */
export interface Dataset {
  readonly samples: readonly Sample[];
  /** Reads pixels for training, shrinking large files on the way where that is faster. */
  readonly decode: Decode;
  /** Reads pixels at full size, to show them. */
  readonly decodeOriginal: Decode;
  /** One sentence for the report. */
  readonly description: string;
  /** Name of the folder, or `synthetic`. */
  readonly name: string;
}

/** Patients of the synthetic dataset, by finding; more ill than healthy ones, as in the real data. */
const SYNTHETIC_PATIENTS = { normal: 120, bacterial: 100, viral: 80 };

/** Disease plain enough for a small network to learn from a few hundred images in a minute. */
const SYNTHETIC_SEVERITY = 2;

/** Reads the index of `--data`, or makes synthetic samples; `--limit` is applied here, before any split. */
export async function loadDataset(
  flags: Pick<TrainingFlags, 'data' | 'imageSize' | 'seed' | 'limit'>,
  classList: ClassList,
): Promise<Dataset> {
  const { data, imageSize, seed, limit } = flags;
  const limited = (samples: readonly Sample[]) =>
    limit === undefined ? samples : limitPerClass(samples, { classList, limit, seed });
  if (data === undefined) {
    const drawn = Math.round(imageSize * 1.5);
    const dataset = createSyntheticDataset({
      patientsPerFinding: SYNTHETIC_PATIENTS,
      imagesPerPatient: 2,
      severity: SYNTHETIC_SEVERITY,
      seed,
      height: drawn,
      width: drawn,
    });
    return {
      samples: limited(dataset.samples),
      decode: dataset.decode,
      decodeOriginal: dataset.decode,
      description:
        'Synthetic chest X-rays: drawings that show that the programs work, and nothing about patients.',
      name: 'synthetic',
    };
  }
  const index = await indexFolder(data);
  const name = basename(resolve(data));
  const samples = limited(index.samples);
  const patients = new Set(samples.map(({ patientId }) => patientId)).size;
  const drawn =
    limit === undefined ? '' : `, drawn from ${index.samples.length} with at most ${limit} per class`;
  return {
    samples,
    decode: fileDecoder({ rule: { height: imageSize, width: imageSize } }),
    decodeOriginal: ({ source }) => decodeImageFile(source),
    description: `${samples.length} images of ${patients} patients in ${name} (${index.layout} layout)${drawn}.`,
    name,
  };
}

/** Share of the images, whole patients, that becomes the test side where the dataset has none. */
export const CARVED_TEST_SHARE = 0.15;

/**
 * Splits by patient: the dataset's own test side, or one carved out, and 20 % of the rest for validation. With
 * `asPublished` validation is drawn image by image, as in the study; the test side stays honest.
 */
export function splitDataset(
  samples: readonly Sample[],
  options: { classList: ClassList; seed: number; asPublished: boolean },
): { splits: Splits; isTestCarved: boolean } {
  const { classList, seed, asPublished } = options;
  const isTestCarved = !samples.some(({ split }) => split === 'test');
  const marked = isTestCarved ? markTest(samples, classList, seed) : samples;
  const split = asPublished ? splitAtRandom : splitByPatient;
  return { splits: split(marked, { classList, validationShare: 0.2, seed }), isTestCarved };
}

/** The sides without the images that could not be read, so that every count is of images that were used. */
export function withoutSkipped(splits: Splits, store: PixelStore): Splits {
  const usable = (samples: readonly Sample[]) => samples.filter(({ id }) => store.indexOf(id) >= 0);
  return {
    ...splits,
    train: usable(splits.train),
    validation: usable(splits.validation),
    test: usable(splits.test),
  };
}

function markTest(samples: readonly Sample[], classList: ClassList, seed: number): Sample[] {
  const { test } = splitByPatient(samples, {
    classList,
    validationShare: 0,
    testShare: CARVED_TEST_SHARE,
    seed,
  });
  const ids = new Set(test.map(({ id }) => id));
  return samples.map(({ split: _, ...sample }) =>
    ids.has(sample.id) ? { ...sample, split: 'test' as const } : sample,
  );
}
