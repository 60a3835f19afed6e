import type { DecodedImage, ImageWarning, ProgressCallback, ResizeRule, Sample } from 'xray-core';
import {
  AbortedError,
  checkBitsStored,
  checkImage,
  checkWholeNumber,
  FileError,
  InvalidArgumentError,
  imageWarnings,
  prepareImage,
  throwIfAborted,
} from 'xray-core';
import { BadImageError } from '../errors.js';
import { sortById } from '../split/patients.js';
import { isColoured } from './is-coloured.js';
import type { DoubtfulImage, PixelStore, SkippedImage } from './pixel-store.js';
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
  channels?: 1 | 3 | 'auto' | undefined;
  /**
   * Bits that 16-bit images whose white is not known store (see `PrepareRule`), from 8 to 16. `'auto'` takes as many as the
   * one that uses most of them needs, 8 at least, so that all are scaled alike.
   *
   * @default 'auto'
   */
  bitsStored?: number | 'auto' | undefined;
  /** `'fail'` throws at the first bad image, `'skip'` leaves it out and lists it under `skipped`. @default 'fail' */
  onBadImage?: 'fail' | 'skip' | undefined;
  /** Images decoded at a time. More than threads, so that none waits for a file to be read. @default 8 */
  concurrency?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Gets `decode` events. */
  onProgress?: ProgressCallback | undefined;
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
  checkOptions(samples, options, running.concurrency);
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

/** @internal What was found out while decoding. */
export interface DecodedPixels {
  /** Of skipped images by index of the sample, in order. */
  readonly reasons: ReadonlyMap<number, string>;
  readonly bitsStored: number | undefined;
  /** By index of the sample, in order. */
  readonly warnings: ReadonlyMap<number, readonly ImageWarning[]>;
}

/**
 * @internal Decodes and resizes every image and hands its pixels to `write`, in any order and several at a time, so that
 * no more than those being worked on are in memory. An image is written again where a later one shows that 16-bit images
 * store more bits than was thought.
 *
 * @throws As `createPixelStore` does; errors of `write` come through as they are.
 */
export async function decodePixels(
  samples: readonly Sample[],
  channels: 1 | 3,
  options: PixelStoreOptions,
  write: (index: number, pixels: Uint8Array, isAgain: boolean) => void | Promise<void>,
): Promise<DecodedPixels> {
  const { rule, decode, bitsStored = 'auto', onBadImage = 'fail', signal, onProgress } = options;
  const reasons = new Map<number, string>();
  const doubted = new Map<number, DecodedImage>();
  const writtenWith = new Map<number, number>();
  let bits = bitsStored === 'auto' ? FEWEST_BITS : bitsStored;

  const decodeOne = async (index: number, isAgain: boolean): Promise<void> => {
    const sample = samples[index]!;
    let pixels: Uint8Array | undefined;
    try {
      const image = await decode(sample);
      checkImage(image);
      const { bitsUsed, warnings } = image;
      if (bitsUsed !== undefined) {
        if (bitsStored === 'auto') bits = Math.max(bits, bitsUsed);
        writtenWith.set(index, bits);
      }
      if (bitsUsed !== undefined || warnings) doubted.set(index, { ...image, pixels: NO_PIXELS });
      pixels = prepareImage(image, { resize: rule, channels, bitsStored: bits }).pixels;
    } catch (error) {
      const failure = asBadImage(sample, error, signal);
      if (onBadImage === 'fail') throw failure;
      reasons.set(index, failure.reason);
      doubted.delete(index);
    }
    if (pixels) await write(index, pixels, isAgain);
  };

  let done = 0;
  await runConcurrently(samples.length, runningOf(options), async (index) => {
    await decodeOne(index, false);
    onProgress?.({ type: 'decode', done: ++done, total: samples.length });
  });
  const again = [...writtenWith].flatMap(([index, used]) => (used < bits ? [index] : []));
  await runConcurrently(again.length, runningOf(options), (place) => decodeOne(again[place]!, true));
  throwIfAborted(signal, 'Decoding');
  if (reasons.size === samples.length) {
    const [[, first]] = inOrder(reasons) as [[number, string]];
    throw new InvalidArgumentError({
      argument: 'samples',
      expected: 'samples of which at least one can be decoded',
      received: samples.length,
      fix: `The first one failed: ${samples[0]!.source}: ${first}.`,
    });
  }
  const warnings = inOrder(doubted).map(
    ([index, image]) => [index, imageWarnings(image, { bitsStored: bits })] as const,
  );
  return {
    reasons: new Map(inOrder(reasons)),
    bitsStored: writtenWith.size > 0 ? bits : undefined,
    warnings: new Map(warnings.filter(([, found]) => found.length > 0)),
  };
}

/** Fewer are not thought of: images of so few levels are dark ones. */
const FEWEST_BITS = 8;
const NO_PIXELS = new Uint8Array();

function inOrder<Value>(byIndex: ReadonlyMap<number, Value>): [number, Value][] {
  return [...byIndex].sort(([left], [right]) => left - right);
}

/** @internal For `PixelStore.warnings`. */
export function doubtfulImages(
  samples: readonly Sample[],
  warnings: ReadonlyMap<number, readonly ImageWarning[]>,
): DoubtfulImage[] {
  return [...warnings].flatMap(([index, found]) => {
    const { id, source } = samples[index]!;
    return found.map((warning) => ({ id, source, ...warning }));
  });
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

function checkOptions(
  samples: readonly Sample[],
  { rule, bitsStored = 'auto' }: PixelStoreOptions,
  concurrency: number,
): void {
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
  if (bitsStored !== 'auto') checkBitsStored(bitsStored);
}
