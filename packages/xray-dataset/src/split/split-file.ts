import type { Sample, Split } from 'xray-core';
import { FileError, sha256 } from 'xray-core';
import { SplitMismatchError } from '../errors.js';
import { sidesOf } from './own-sides.js';
import { sortById } from './patients.js';
import type { SharedPatients } from './shared-patients.js';
import { SIDES } from './sides.js';
import type { SplitMethod, Splits } from './splits.js';

const KIND = 'xray-split';
const VERSION = 1;

/** What a split file holds. */
interface SplitFile {
  readonly kind: typeof KIND;
  readonly version: typeof VERSION;
  readonly method: SplitMethod;
  /** SHA-256 of the ids, findings and patients of all samples. */
  readonly fingerprint: string;
  /** Ids, sorted. */
  readonly sides: Readonly<Record<Split, readonly string[]>>;
  /** As in `Splits`, the images by their ids. */
  readonly sharedPatients?:
    | (Omit<SharedPatients, 'dropped'> & { readonly dropped: readonly string[] })
    | undefined;
}

/**
 * Writes a split as JSON: the ids of each side and of images left out of all of them, how it was made, and a fingerprint of the
 * samples (SHA-256 of their ids, findings and patients). No patient id is in it other than what the image ids say. For `parseSplit`.
 */
export async function formatSplit(splits: Splits): Promise<string> {
  const file: SplitFile = {
    kind: KIND,
    version: VERSION,
    method: splits.method,
    fingerprint: await fingerprintOf([
      ...SIDES.flatMap((side) => splits[side]),
      ...(splits.sharedPatients?.dropped ?? []),
    ]),
    sides: {
      train: splits.train.map(({ id }) => id),
      validation: splits.validation.map(({ id }) => id),
      test: splits.test.map(({ id }) => id),
    },
    ...(splits.sharedPatients && {
      sharedPatients: {
        ...splits.sharedPatients,
        dropped: splits.sharedPatients.dropped.map(({ id }) => id),
      },
    }),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/**
 * Puts samples on the sides that `formatSplit` recorded: the same split, exactly.
 *
 * @param samples - Those the split was made of, in any order; sides of their own do not matter.
 * @param name - What errors call the split. @default 'split'
 * @throws {FileError} If the text is no split file of this version.
 * @throws {SplitMismatchError} If the samples have other ids, findings or patients than those the split was made of.
 */
export async function parseSplit(
  text: string,
  samples: readonly Sample[],
  { name = 'split' }: { name?: string | undefined } = {},
): Promise<Splits> {
  const { method, fingerprint, sides, sharedPatients } = readSplitFile(text, name);
  const dropped = new Set(sharedPatients?.dropped);
  const sideOf = new Map(SIDES.flatMap((side) => sides[side].map((id) => [id, side] as const)));
  const sorted = sortById(samples);
  const ids = new Set(sorted.map(({ id }) => id));
  const missing = [...sideOf.keys(), ...dropped].filter((id) => !ids.has(id));
  const extra = [...ids].filter((id) => !sideOf.has(id) && !dropped.has(id));
  if (missing.length > 0 || extra.length > 0 || fingerprint !== (await fingerprintOf(sorted))) {
    throw new SplitMismatchError({ file: name, missing, extra });
  }
  return {
    ...sidesOf(sorted, ({ id }) => sideOf.get(id)),
    method,
    ...(sharedPatients && {
      sharedPatients: { ...sharedPatients, dropped: sorted.filter(({ id }) => dropped.has(id)) },
    }),
  };
}

function readSplitFile(text: string, name: string): SplitFile {
  const damaged = (cause?: unknown) =>
    new FileError({
      file: name,
      problem: 'is no split file, or a damaged one',
      fix: 'Make a new split.',
      cause,
    });
  let file: SplitFile;
  try {
    file = JSON.parse(text) as SplitFile;
  } catch (error) {
    throw damaged(error);
  }
  if (file?.kind !== KIND) throw damaged();
  if (file.version !== VERSION) {
    throw new FileError({
      file: name,
      problem: `is a split file of version ${file.version}, expected version ${VERSION}`,
      fix: 'Use the version of xray-dataset that made it, or make a new split.',
    });
  }
  const lists = [
    ...SIDES.map((side): unknown => file.sides?.[side]),
    ...(file.sharedPatients === undefined ? [] : [file.sharedPatients?.dropped]),
  ];
  const isWhole = lists.every((list) => Array.isArray(list) && list.every((id) => typeof id === 'string'));
  const ids = lists.flat();
  if (!isWhole || new Set(ids).size !== ids.length || typeof file.method?.name !== 'string') throw damaged();
  return file;
}

/** Of ids, findings and patients; neither order nor sides nor pixels matter. */
async function fingerprintOf(samples: readonly Sample[]): Promise<string> {
  const lines = sortById(samples).map(({ id, finding, patientId }) =>
    JSON.stringify([id, finding, patientId]),
  );
  return sha256(new TextEncoder().encode(lines.join('\n')));
}
