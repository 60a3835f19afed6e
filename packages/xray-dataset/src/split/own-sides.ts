import type { Sample, Split } from 'xray-core';
import { FileError, InvalidArgumentError, type OptionNames, refuseUnknownOptions } from 'xray-core';
import { sortById } from './patients.js';
import { type SharedPatientsPolicy, settleSharedPatients } from './shared-patients.js';
import { SIDES } from './sides.js';
import type { Splits } from './splits.js';

const OPTIONS: OptionNames<OwnSidesOptions> = {
  onSharedPatients: true,
};

/** Ids of the samples on each side; a side that is left out has none. */
export type SideLists = Readonly<Partial<Record<Split, readonly string[]>>>;

/**
 * Reads an official list of images, one id or file name per line, such as `test_list.txt` of NIH ChestX-ray14.
 *
 * @throws {FileError} If there are none.
 */
export function parseIdList(text: string, name = 'list'): string[] {
  const ids = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (ids.length === 0)
    throw new FileError({ file: name, problem: 'lists no images, expected one id per line' });
  return ids;
}

/**
 * Puts samples on the sides that lists name. Samples in no list come back without a side, whatever side they had. A
 * list may name ids, or file names where these are unique in the dataset (official lists do).
 *
 * - All sides listed: `splitByOwnSides` takes them as they are.
 * - Only the test side listed: `splitByPatient` keeps it, and draws validation from the rest.
 *
 * @returns Copies in the order of `samples`.
 * @throws {InvalidArgumentError} If a list names an image that is not there, two images by one name, or one image twice.
 *
 * @example
 * const marked = assignSides(samples, { test: parseIdList(await readFile('test_list.txt', 'utf8')) });
 * const splits = splitByPatient(marked, { classList, seed: 7 });
 */
export function assignSides(samples: readonly Sample[], lists: SideLists): Sample[] {
  const find = sampleFinder(samples);
  const sideOf = new Map<Sample, Split>();
  const missing: string[] = [];
  for (const side of SIDES) {
    for (const name of lists[side] ?? []) {
      const sample = find(name);
      if (!sample) {
        missing.push(name);
      } else if (sideOf.has(sample)) {
        throw listError('images that are listed once', `${name} (in ${sideOf.get(sample)} and ${side})`);
      } else {
        sideOf.set(sample, side);
      }
    }
  }
  if (missing.length > 0) {
    const named = missing.slice(0, 3).join(', ');
    throw listError(
      'images of the dataset',
      `${missing.length} that are not, first: ${named}`,
      'Check that the list belongs to this dataset and that all images are there.',
    );
  }
  return samples.map(({ split: _, ...sample }, index) => {
    const side = sideOf.get(samples[index]!);
    return side === undefined ? sample : { ...sample, split: side };
  });
}

/** Options of `splitByOwnSides`. */
export interface OwnSidesOptions {
  /** What to do about patients on several sides. @default 'drop' */
  onSharedPatients?: SharedPatientsPolicy | undefined;
}

/**
 * Takes the sides that the samples bring as they are, unlike `splitByPatient`, which draws validation anew. Images of patients
 * on several sides leave training and validation, never test, unless `onSharedPatients` says otherwise.
 *
 * @throws {InvalidArgumentError} If a sample has no side or there is none to train on, or an id occurs twice.
 * @throws {PatientOverlapError} If a patient is on two sides and `onSharedPatients` is `'fail'`.
 *
 * @example
 * const splits = splitByOwnSides(assignSides(samples, { train, validation, test }));
 */
export function splitByOwnSides(samples: readonly Sample[], options: OwnSidesOptions = {}): Splits {
  refuseUnknownOptions('splitByOwnSides', options, OPTIONS);
  const sorted = sortById(samples);
  const without = sorted.filter(({ split }) => split === undefined);
  if (without.length > 0) {
    throw new InvalidArgumentError({
      argument: 'samples',
      expected: 'samples that all have a side (`split`)',
      received: `${without.length} without, first: ${without[0]!.id}`,
      fix: 'List them on a side with assignSides, leave them out, or draw the sides with splitByPatient.',
    });
  }
  const { kept, sharedPatients } = settleSharedPatients(
    sorted,
    options.onSharedPatients ?? 'drop',
    ({ split }) => split!,
  );
  const splits: Splits = {
    ...sidesOf(kept, ({ split }) => split),
    method: { name: 'own-sides' },
    ...(sharedPatients && { sharedPatients }),
  };
  if (splits.train.length === 0) {
    throw new InvalidArgumentError({ argument: 'samples', expected: 'samples to train on', received: 0 });
  }
  return splits;
}

/** @internal Sorts samples into their sides. */
export function sidesOf(
  sorted: readonly Sample[],
  sideOf: (sample: Sample) => Split | undefined,
): Pick<Splits, Split> {
  const on = (side: Split) => sorted.filter((sample) => sideOf(sample) === side);
  return { train: on('train'), validation: on('validation'), test: on('test') };
}

/** Looks samples up by id, or by file name; names as Unicode text, as files unpacked on macOS have decomposed ones. */
function sampleFinder(samples: readonly Sample[]): (name: string) => Sample | undefined {
  sortById(samples); // ids must differ
  const byId = new Map(samples.map((sample) => [sample.id, sample]));
  const byName = new Map<string, Sample[]>();
  for (const sample of samples) {
    const path = sample.id.normalize('NFC');
    for (const name of new Set([path, path.slice(path.lastIndexOf('/') + 1)])) {
      const matches = byName.get(name);
      if (matches) matches.push(sample);
      else byName.set(name, [sample]);
    }
  }
  return (name) => {
    const sample = byId.get(name);
    if (sample) return sample;
    const matches = byName.get(name.normalize('NFC')) ?? [];
    if (matches.length > 1) {
      throw listError(
        'ids, or file names that only one image has',
        `${name}, the name of ${matches[0]!.id} and ${matches[1]!.id}`,
      );
    }
    return matches[0];
  };
}

function listError(expected: string, received: string, fix?: string): InvalidArgumentError {
  return new InvalidArgumentError({ argument: 'lists', expected, received, ...(fix ? { fix } : {}) });
}
