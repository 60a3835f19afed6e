import type { DecodedImage, ProgressCallback, ResizeRule, Sample } from 'xray-core';
import {
  AbortedError,
  checkImage,
  checkWholeNumber,
  FileError,
  InvalidArgumentError,
  prepareImage,
  throwIfAborted,
} from 'xray-core';
import { BadImageError } from '../errors.js';
import { sortById } from '../split/patients.js';
import { isColoured } from './is-coloured.js';
import type { PixelStore, SkippedImage } from './pixel-store.js';
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
  /** Images decoded at a time. More than threads, so that none waits for a file to be read. @default 8 */
  concurrency?: number;
  signal?: AbortSignal;
  /** Gets `decode` events. */
  onProgress?: ProgressCallback;
}

/** Images looked at to decide between gray and RGB. */
const COLOUR_PROBES = 32;

/** @internal Channels to keep, and what they were chosen by. */
export type ChosenChannels = Pick<PixelStore, 'channels' | 'coloured'>;

/**
 * @internal Checks samples and options, and chooses between gray and RGB.
 *
 * @throws As `createPixelStore` does.
 */
export async function chooseChannels(
  samples: readonly Sample[],
  options: PixelStoreOptions,
): Promise<ChosenChannels> {
  const { channels = 'auto', decode, onBadImage, signal } = options;
  const running = runningOf(options);
  checkOptions(samples, options.rule, running.concurrency);
  if (channels !== 'auto') return { channels, coloured: { inspected: 0, count: 0 } };
  const probes = Math.min(COLOUR_PROBES, samples.length);
  let inspected = 0;
  let count = 0;
  await runConcurrently(probes, running, async (probe) => {
    const sample = samples[Math.floor((probe * samples.length) / probes)]!;
    try {
      const image = await decode(sample);
      checkImage(image);
      inspected++;
      if (isColoured(image)) count++;
    } catch (error) {
      const failure = asBadImage(sample, error, signal);
      if (onBadImage !== 'skip') throw failure; // else it is met again, and recorded, when all images are decoded
    }
  });
  return { channels: count > inspected / 2 ? 3 : 1, coloured: { inspected, count } };
}

/**
 * @internal Decodes and resizes every image and hands its pixels to `write`, in any order and several at a time, so that
 * no more than those being worked on are in memory.
 *
 * @returns Reasons of skipped images by index of the sample, in order.
 * @throws As `createPixelStore` does; errors of `write` come through as they are.
 */
export async function decodePixels(
  samples: readonly Sample[],
  channels: 1 | 3,
  options: PixelStoreOptions,
  write: (index: number, pixels: Uint8Array) => void | Promise<void>,
): Promise<ReadonlyMap<number, string>> {
  const { rule, decode, onBadImage = 'fail', signal, onProgress } = options;
  const reasons = new Map<number, string>();
  let done = 0;
  await runConcurrently(samples.length, runningOf(options), async (index) => {
    const sample = samples[index]!;
    let pixels: Uint8Array | undefined;
    try {
      pixels = prepareImage(await decode(sample), { resize: rule, channels }).pixels;
    } catch (error) {
      const failure = asBadImage(sample, error, signal);
      if (onBadImage === 'fail') throw failure;
      reasons.set(index, failure.reason);
    }
    if (pixels) await write(index, pixels);
    onProgress?.({ type: 'decode', done: ++done, total: samples.length });
  });
  throwIfAborted(signal, 'Decoding');
  const inOrder = [...reasons].sort(([left], [right]) => left - right);
  if (inOrder.length === samples.length) {
    throw new InvalidArgumentError({
      argument: 'samples',
      expected: 'samples of which at least one can be decoded',
      received: samples.length,
      fix: `The first one failed: ${samples[0]!.source}: ${inOrder[0]![1]}.`,
    });
  }
  return new Map(inOrder);
}

/** @internal For `PixelStore.skipped`. */
export function skippedImages(
  samples: readonly Sample[],
  reasons: ReadonlyMap<number, string>,
): SkippedImage[] {
  return [...reasons].map(([index, reason]) => {
    const { id, source } = samples[index]!;
    return { id, source, reason };
  });
}

function runningOf({ concurrency = 8, signal }: PixelStoreOptions) {
  return { concurrency, signal, what: 'Decoding' };
}

/** Rethrows aborts: they are nobody's bad image. */
function asBadImage(sample: Sample, error: unknown, signal: AbortSignal | undefined): BadImageError {
  throwIfAborted(signal, 'Decoding');
  if (error instanceof AbortedError) throw error;
  const text = error instanceof Error ? error.message : String(error);
  const reason = error instanceof FileError ? error.problem : text.replace(/\.$/, '');
  return new BadImageError({ file: sample.source, reason, cause: error });
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
