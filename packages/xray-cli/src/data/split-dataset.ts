import { readFile } from 'node:fs/promises';
import {
  type ClassList,
  FileError,
  InvalidArgumentError,
  type Sample,
  type Split,
  type ThresholdRule,
} from 'xray-core';
import {
  assignSides,
  countClasses,
  kFoldByPatient,
  type PixelStore,
  parseIdList,
  type Splits,
  splitAtRandom,
  splitByOwnSides,
  splitByPatient,
} from 'xray-dataset';
import { loadSplit } from 'xray-dataset/node';
import { parseFold, type SplitOptions } from './split-options.js';

/** What a split depends on. */
export interface SplitDatasetOptions extends SplitOptions {
  readonly validationShare: number;
  readonly testShare: number;
  readonly seed: number;
  readonly asPublished: boolean;
}

/** A split, and whether its test split had to be carved out. */
export interface PlannedSplit {
  readonly splits: Splits;
  readonly isTestCarved: boolean;
}

/**
 * Splits as the options say: a saved split exactly as it was; else the data's own test side, or one carved out by patient,
 * and of the rest a fold, the validation side that came with the data, or one drawn by patient. With `asPublished`
 * validation is drawn image by image, as in the study; the test side stays honest.
 *
 * @param samples - With sides as `assignListed` gave them.
 * @param keepsSides - Whether validation came with the data.
 */
export async function splitDataset(
  samples: readonly Sample[],
  options: SplitDatasetOptions,
  { classList, keepsSides }: { classList: ClassList; keepsSides: boolean },
): Promise<PlannedSplit> {
  if (options.split !== undefined)
    return { splits: await loadSplit(options.split, samples), isTestCarved: false };
  const { seed, validationShare, onSharedPatients } = options;
  const isTestCarved = !samples.some(({ split }) => split === 'test');
  const own = samples.filter(({ split }) => keepsSides && split === 'validation');
  const taken = new Set(own.map(({ patientId }) => patientId));
  const free = samples.filter(({ patientId }) => !taken.has(patientId)); // so that no side that is drawn shares patients
  const marked = isTestCarved ? carveTest(samples, free, options, classList) : samples;
  const draw = (): Splits => {
    if (keepsSides)
      return splitByOwnSides(
        marked.map((sample) => ({ split: 'train', ...sample })),
        { onSharedPatients },
      );
    if (options.fold !== undefined) {
      const { fold, folds } = parseFold(options.fold);
      return kFoldByPatient(marked, { classList, folds, seed, onSharedPatients })[fold - 1]!;
    }
    const split = options.asPublished ? splitAtRandom : splitByPatient;
    return split(marked, { classList, validationShare, seed, onSharedPatients });
  };
  return { splits: draw(), isTestCarved };
}

/** Samples on the sides that `--test-list` and `--validation-list` name. */
export async function assignListed(
  samples: readonly Sample[],
  options: SplitOptions,
): Promise<readonly Sample[]> {
  const { testList, validationList } = options;
  if (testList === undefined && validationList === undefined) return samples;
  const listed = async (file: string | undefined, side: Split) =>
    file === undefined ? ownIds(samples, side) : readIdList(file);
  const validation = validationList === undefined ? {} : { validation: await readIdList(validationList) };
  return assignSides(samples, { test: await listed(testList, 'test'), ...validation });
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

/**
 * Refuses sides with which a run would come to nothing in the end: one without images, or a validation side on which no
 * threshold can be chosen.
 *
 * @throws {InvalidArgumentError} Saying what is on the side.
 */
export function checkSides(splits: Splits, classList: ClassList, rule: ThresholdRule): void {
  const empty = (['train', 'validation', 'test'] as const).find((side) => splits[side].length === 0);
  if (empty !== undefined) {
    const { train, validation, test } = splits;
    throw new InvalidArgumentError({
      argument: `${empty} side`,
      expected: 'one with images',
      received: { train: train.length, validation: validation.length, test: test.length },
      fix: 'Take more images, or split them in another way: --help lists the flags.',
    });
  }
  const counts = countClasses(splits.validation, classList);
  const [negative = 0, ...others] = counts;
  if (rule === 'half' || (negative > 0 && others.some((count) => count > 0))) return;
  throw new InvalidArgumentError({
    argument: 'validation side',
    expected: `one with ${classList.names[0]} images and others, so that a threshold can be chosen on it`,
    received: Object.fromEntries(classList.names.map((name, label) => [name, counts[label]])),
    fix: 'Take more images, or draw that side in another way: --help lists the flags.',
  });
}

/** Puts images on the test side, drawn by patient among the free ones. */
function carveTest(
  samples: readonly Sample[],
  free: readonly Sample[],
  { seed, testShare }: SplitDatasetOptions,
  classList: ClassList,
): Sample[] {
  const { test } = splitByPatient(free, { classList, validationShare: 0, testShare, seed });
  const ids = new Set(test.map(({ id }) => id));
  return samples.map((sample) => (ids.has(sample.id) ? { ...sample, split: 'test' as const } : sample));
}

const ownIds = (samples: readonly Sample[], side: Split) =>
  samples.filter(({ split }) => split === side).map(({ id }) => id);

async function readIdList(file: string): Promise<string[]> {
  try {
    return parseIdList(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError({ file, problem: 'could not be read, expected a list of images', cause: error });
  }
}
