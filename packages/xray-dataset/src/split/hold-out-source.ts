import { InvalidArgumentError, type Sample } from 'xray-core';

/** What `holdOutSource` gives. */
export interface HeldOutSource {
  /** Those of the source are on the test side; all others are on the side they were on, or on none. */
  readonly samples: readonly Sample[];
  /** Number of images of the source. */
  readonly heldOut: number;
  /** Images of other sources that were on the test side; they are not among `samples`. */
  readonly leftOut: readonly Sample[];
}

/**
 * Makes the images of one source the test side, so that a model is measured on a source that it knows nothing of. Patients with
 * images in and out of the source are on two sides then; how a split treats them is up to its `onSharedPatients`.
 *
 * @param source - Value of `origin`, name of a folder in the id, such as `hospital-2`, or beginning of file names, such as
 *   `NORMAL2-IM`; looked for in this order, and the first that fits an image decides for all.
 * @throws {InvalidArgumentError} If no image, or every image, is of the source.
 *
 * @example
 * const { samples } = holdOutSource(index.samples, 'hospital-2');
 * const splits = splitByPatient(samples, { classList, validationShare: 0.2, seed: 7 });
 */
export function holdOutSource(samples: readonly Sample[], source: string): HeldOutSource {
  const isOf = WAYS.map((way) => (sample: Sample) => way(sample, source)).find((way) => samples.some(way));
  if (source === '' || isOf === undefined || samples.every(isOf)) {
    throw new InvalidArgumentError({
      argument: 'source',
      expected:
        'an origin, a folder or a beginning of file names that some of the images have, and others not',
      received: source,
      fix: `Images are called like ${samples[0]?.id}. Known origins: ${knownOrigins(samples)}.`,
    });
  }
  const held = samples.filter(isOf).map((sample): Sample => ({ ...sample, split: 'test' }));
  const others = samples.filter((sample) => !isOf(sample));
  const leftOut = others.filter(({ split }) => split === 'test');
  return {
    samples: [...others.filter(({ split }) => split !== 'test'), ...held],
    heldOut: held.length,
    leftOut,
  };
}

/** How an image can be of a source. */
const WAYS: readonly ((sample: Sample, source: string) => boolean)[] = [
  ({ origin }, source) => origin === source,
  ({ id }, source) => id.split('/').slice(0, -1).includes(source),
  ({ id }, source) => id.split('/').at(-1)!.startsWith(source),
];

function knownOrigins(samples: readonly Sample[]): string {
  const origins = [...new Set(samples.flatMap(({ origin }) => origin ?? []))].sort();
  return origins.length === 0 ? 'none' : origins.slice(0, 10).join(', ');
}
