import type { DecodedImage, ProgressCallback, ResizeRule, Sample } from 'xray-core';
import {
  AbortedError,
  checkWholeNumber,
  FileError,
  InvalidArgumentError,
  prepareImage,
  SIXTEEN_BIT_RULE,
  throwIfAborted,
} from 'xray-core';
import { BadImageError } from '../errors.js';
import { sortById } from '../split/patients.js';
import { isColoured } from './is-coloured.js';
import { type PixelStore, type SkippedImage, wrapPixels } from './pixel-store.js';
import { runConcurrently } from './run-concurrently.js';

/** Makes the pixels of a sample: 1 or 3 channels, 8 or 16 bit, any size. */
export type Decode = (sample: Sample) => Promise<DecodedImage>;

/** Options of `createPixelStore`. */
export interface PixelStoreOptions {
  /** `fileDecoder` of `xray-dataset/node`, `decode` of a synthetic dataset, or your own. */
  decode: Decode;
  /** Size and manner of resizing. */
  rule: ResizeRule;
  /**
   * Channels to keep. `'auto'` keeps gray unless more than half of up to 32 evenly spaced images are really
   * coloured (see `isColoured`), in which case it keeps RGB.
   *
   * @default 'auto'
   */
  channels?: 1 | 3 | 'auto';
  /** `'fail'` throws at the first bad image, `'skip'` leaves it out and lists it under `skipped`. @default 'fail' */
  onBadImage?: 'fail' | 'skip';
  /** Images decoded at a time. @default 4 */
  concurrency?: number;
  signal?: AbortSignal;
  /** Gets `decode` events. */
  onProgress?: ProgressCallback;
}

/** Images looked at to decide between gray and RGB. */
const COLOUR_PROBES = 32;

/**
 * Decodes and resizes every image once and keeps the pixels in memory as uint8: `height * width * channels`
 * bytes per image, 262 MB for 5,216 gray images of 224 x 224.
 *
 * @param samples - At least one, with different ids; their order is the order of the store.
 * @throws {BadImageError} If an image cannot be decoded and `onBadImage` is `'fail'`.
 * @throws {AbortedError} If `signal` fires.
 * @throws {InvalidArgumentError} If there are no samples or none can be decoded, an id occurs twice, or an
 *   option is out of range.
 *
 * @example
 * const store = await createPixelStore(samples, { decode, rule: { height: 224, width: 224 } });
 */
export async function createPixelStore(
  samples: readonly Sample[],
  options: PixelStoreOptions,
): Promise<PixelStore> {
  const { rule, onBadImage = 'fail', concurrency = 4, signal, onProgress } = options;
  checkOptions(samples, rule, concurrency);
  const running = { concurrency, signal, what: 'Decoding' };
  const { channels, coloured } = await chooseChannels(samples, options, running);

  const size = rule.height * rule.width * channels;
  const pixels = new Uint8Array(allocate(samples.length * size));
  const failures = new Map<number, BadImageError>();
  let done = 0;
  await runConcurrently(samples.length, running, async (index) => {
    const sample = samples[index]!;
    try {
      const image = prepareImage(await options.decode(sample), { resize: rule, channels });
      pixels.set(image.pixels, index * size);
    } catch (error) {
      const failure = asBadImage(sample, error, signal);
      if (onBadImage === 'fail') throw failure;
      failures.set(index, failure);
    }
    onProgress?.({ type: 'decode', done: ++done, total: samples.length });
  });
  throwIfAborted(signal, 'Decoding');
  if (failures.size === samples.length) {
    throw new InvalidArgumentError({
      argument: 'samples',
      expected: 'samples of which at least one can be decoded',
      received: samples.length,
      fix: `The first one failed: ${failures.get(0)!.file}: ${failures.get(0)!.reason}.`,
    });
  }

  const ids: string[] = [];
  const skipped: SkippedImage[] = [];
  samples.forEach(({ id, source }, index) => {
    const failure = failures.get(index);
    if (failure) {
      skipped.push({ id, source, reason: failure.reason });
      return;
    }
    pixels.copyWithin(ids.length * size, index * size, (index + 1) * size); // closes the gaps of skipped images
    ids.push(id);
  });
  return wrapPixels({
    ids,
    height: rule.height,
    width: rule.width,
    channels,
    rule: { ...rule },
    sixteenBitRule: SIXTEEN_BIT_RULE,
    coloured,
    skipped,
    pixels: pixels.subarray(0, ids.length * size),
  });
}

async function chooseChannels(
  samples: readonly Sample[],
  options: PixelStoreOptions,
  running: Parameters<typeof runConcurrently>[1],
): Promise<Pick<PixelStore, 'channels' | 'coloured'>> {
  const { channels = 'auto', decode } = options;
  if (channels !== 'auto') return { channels, coloured: { inspected: 0, count: 0 } };
  const probes = Math.min(COLOUR_PROBES, samples.length);
  let inspected = 0;
  let count = 0;
  await runConcurrently(probes, running, async (probe) => {
    const sample = samples[Math.floor((probe * samples.length) / probes)]!;
    const image = await decode(sample).catch((error: unknown) => {
      const failure = asBadImage(sample, error, running.signal);
      if (options.onBadImage !== 'skip') throw failure;
      return undefined; // is met again, and recorded, when all images are decoded
    });
    if (!image) return;
    inspected++;
    if (isColoured(image)) count++;
  });
  return { channels: count > inspected / 2 ? 3 : 1, coloured: { inspected, count } };
}

/** Rethrows aborts: they are nobody's bad image. */
function asBadImage(sample: Sample, error: unknown, signal: AbortSignal | undefined): BadImageError {
  throwIfAborted(signal, 'Decoding');
  if (error instanceof AbortedError) throw error;
  const text = error instanceof Error ? error.message : String(error);
  const reason = error instanceof FileError ? error.problem : text;
  return new BadImageError({ file: sample.source, reason, cause: error });
}

function allocate(bytes: number): ArrayBufferLike {
  // Browsers hide SharedArrayBuffer from pages that are not cross-origin isolated.
  return typeof SharedArrayBuffer === 'function' ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
}

function checkOptions(samples: readonly Sample[], rule: ResizeRule, concurrency: number): void {
  if (samples.length === 0) {
    throw new InvalidArgumentError({
      argument: 'samples',
      expected: 'at least one sample',
      received: samples,
    });
  }
  sortById(samples); // ids must differ
  const numbers = { 'rule.height': rule.height, 'rule.width': rule.width, concurrency };
  for (const [argument, received] of Object.entries(numbers)) checkWholeNumber(argument, received);
}
