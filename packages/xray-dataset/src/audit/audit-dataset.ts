import type {
  AuditLimits,
  DatasetAudit,
  DecodedImage,
  ImageWarning,
  ProgressCallback,
  Sample,
} from 'xray-core';
import {
  AbortedError,
  checkWholeNumber,
  FileError,
  InvalidArgumentError,
  imageWarnings,
  type OptionNames,
  refuseUnknownOptions,
  sha256,
  throwIfAborted,
} from 'xray-core';
import { runConcurrently } from '../pixels/run-concurrently.js';
import { sortById } from '../split/patients.js';
import { findExactDuplicates, findNearDuplicates } from './find-duplicates.js';
import { DEFAULT_AUDIT_LIMITS, type InspectedImage, inspectImage } from './inspect-image.js';
import {
  countFindings,
  countKnownPatients,
  findDividedPatients,
  tabulatePixelKinds,
  tabulateSizes,
} from './tabulate.js';

const OPTIONS: OptionNames<AuditOptions> = {
  open: true,
  limits: true,
  concurrency: true,
  signal: true,
  onProgress: true,
};

/** An image as it is stored. */
export interface OpenedImage {
  /** Bytes of its file; leave it out where images do not lie in files of their own. */
  readonly bytes?: Uint8Array | undefined;
  /** The pixels at full size. */
  decode(): Promise<DecodedImage>;
}

/** Options of `auditDataset`. */
export interface AuditOptions {
  /** `openImageFile` of `xray-dataset/node`, or your own. What it throws makes the image unreadable. */
  open: (sample: Sample) => Promise<OpenedImage>;
  /** Those left out are taken from `DEFAULT_AUDIT_LIMITS`. */
  limits?: Partial<AuditLimits> | undefined;
  /** Images in memory at a time. @default 4 */
  concurrency?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Gets `decode` and `compare` events. */
  onProgress?: ProgressCallback | undefined;
}

/** What was found out about one image. */
interface Finding {
  readonly bytesHash: string | undefined;
  readonly image: InspectedImage | undefined;
  readonly warnings: readonly ImageWarning[];
  /** Why there is no image. */
  readonly reason: string;
}

/**
 * Looks for what is wrong with a dataset: the same or nearly the same image twice, patients on several sides, files that
 * cannot be read, and images that hardly are chest X-rays as a network expects them. It reports files and numbers; whether
 * they matter is for people to say.
 *
 * - **Exact duplicates** have the same SHA-256 of their files, or of their pixels in full size (an RGB image whose channels
 *   are equal is the same as the gray one).
 * - **Near duplicates** differ in at most `nearDistance` bits of `perceptualHash`, and their 32 x 32 gray thumbnails correlate
 *   by at least `nearCorrelation`: hashes alone call many images of different children near, because all chests look
 *   alike. Mirrored, turned or cropped copies are not found. Flat (`blank`) images are not compared.
 * - **Inverted** is an image whose middle, where heart and spine are, is darker than what lies left and right of it; it
 *   means something for frontal chest X-rays only.
 *
 * Only `concurrency` images are in memory at a time; of each image, about 2 kB are kept. Near duplicates are looked for as
 * `O(n log n)` for sorting and a share of the `n * n / 2` pairs, which grows with `nearDistance`.
 *
 * @param samples - With different ids. `split` says which side an image is on, where there are sides.
 * @returns Plain JSON; the same for the same samples in any order.
 * @throws {AbortedError} If `signal` fires.
 * @throws {InvalidArgumentError} If there are no samples, an id occurs twice, or an option is out of range.
 *
 * @example
 * const { exactDuplicates } = await auditDataset(samples, { open: openImageFile });
 */
export async function auditDataset(samples: readonly Sample[], options: AuditOptions): Promise<DatasetAudit> {
  refuseUnknownOptions('auditDataset', options, OPTIONS);
  const { open, concurrency = 4, signal, onProgress } = options;
  const limits = { ...DEFAULT_AUDIT_LIMITS, ...options.limits };
  checkOptions(samples, limits, concurrency);
  const sorted = sortById(samples);
  const found: Finding[] = [];
  let done = 0;
  await runConcurrently(sorted.length, { concurrency, signal, what: 'The audit' }, async (index) => {
    found[index] = await look(sorted[index]!, open, limits, signal);
    onProgress?.({ type: 'decode', done: ++done, total: sorted.length });
  });

  const { exact, groups } = findExactDuplicates(
    sorted,
    found.map(({ bytesHash, image }) => ({ bytesHash, pixelHash: image?.pixelHash })),
  );
  const isFlat = (image: InspectedImage) => image.suspicions.some(({ kind }) => kind === 'blank');
  const nearDuplicates = await findNearDuplicates(
    sorted,
    found.map(({ image }) => (image === undefined || isFlat(image) ? undefined : image)),
    groups,
    limits,
    { signal, onChunk: (chunk, total) => onProgress?.({ type: 'compare', done: chunk, total }) },
  );
  const unknown = sorted.filter(({ isPatientUnknown }) => isPatientUnknown).length;
  const doubtful = sorted.flatMap(({ id }, index) =>
    found[index]!.warnings.map((warning) => ({ id, ...warning })),
  );
  const readable = found.flatMap(({ image }) => image ?? []);
  return {
    imageCount: sorted.length,
    patientCount: countKnownPatients(sorted),
    ...(unknown > 0 ? { imagesOfUnknownPatients: unknown } : {}),
    counts: countFindings(sorted),
    sizes: tabulateSizes(readable),
    pixelKinds: tabulatePixelKinds(readable),
    unreadable: sorted.flatMap(({ id }, index) => {
      const { image, reason } = found[index]!;
      return image === undefined ? [{ id, reason }] : [];
    }),
    exactDuplicates: exact,
    nearDuplicates,
    patientsOnSeveralSides: findDividedPatients(sorted),
    ...(doubtful.length > 0 ? { doubtful } : {}),
    suspicious: sorted.flatMap(({ id }, index) =>
      (found[index]!.image?.suspicions ?? []).map((suspicion) => ({ id, ...suspicion })),
    ),
    limits,
  };
}

async function look(
  sample: Sample,
  open: AuditOptions['open'],
  limits: AuditLimits,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  let bytesHash: string | undefined;
  try {
    const { bytes, decode } = await open(sample);
    if (bytes) bytesHash = await sha256(bytes);
    const image = await decode();
    const inspected = await inspectImage(image, limits);
    return { bytesHash, image: inspected, warnings: imageWarnings(image), reason: '' };
  } catch (error) {
    throwIfAborted(signal, 'The audit');
    if (error instanceof AbortedError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    return {
      bytesHash,
      image: undefined,
      warnings: [],
      reason: error instanceof FileError ? error.problem : text,
    };
  }
}

function checkOptions(samples: readonly Sample[], limits: AuditLimits, concurrency: number): void {
  if (samples.length === 0) {
    throw new InvalidArgumentError({
      argument: 'samples',
      expected: 'at least one sample',
      received: samples,
    });
  }
  checkWholeNumber('concurrency', concurrency);
  checkWholeNumber('limits.nearDistance', limits.nearDistance, 0);
  checkLimit(limits, 'nearDistance', limits.nearDistance < 64, 'below 64, the number of bits');
  checkLimit(limits, 'nearCorrelation', Math.abs(limits.nearCorrelation) <= 1, 'in [-1, 1]');
  for (const [name, limit] of Object.entries(limits)) {
    checkLimit(limits, name as keyof AuditLimits, Number.isFinite(limit), 'a finite number');
  }
}

function checkLimit(limits: AuditLimits, name: keyof AuditLimits, holds: boolean, expected: string): void {
  if (holds) return;
  throw new InvalidArgumentError({ argument: `limits.${name}`, expected, received: limits[name] });
}
