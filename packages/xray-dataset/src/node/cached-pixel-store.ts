import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ImageWarning, Sample } from 'xray-core';
import { FileError, type OptionNames, refuseUnknownOptions } from 'xray-core';
import { createRecordFile, type ReusedRecordFile, reuseRecordFile } from 'xray-core/node';
import { BadImageError } from '../errors.js';
import {
  type ChosenChannels,
  chooseChannels,
  decodePixels,
  doubtfulImages,
  type PixelStoreOptions,
  skippedImages,
} from '../pixels/decode-pixels.js';
import { type PixelStore, type PixelStoreFacts, pixelStoreOver } from '../pixels/pixel-store.js';
import { type DecodeOptions, decodeImageFile } from './decode-image-file.js';
import { fingerprintFiles, fingerprintOf } from './fingerprint-files.js';
import { pixelCacheKey } from './pixel-cache-key.js';

const OPTIONS: OptionNames<CachedPixelStoreOptions> = {
  folder: true,
  concurrency: true,
  rule: true,
  channels: true,
  bitsStored: true,
  onBadImage: true,
  signal: true,
  onProgress: true,
  frame: true,
  maxPixels: true,
};

/** A `PixelStore` in a file. Only the images that are asked for are read, and checked by SHA-256 each time. */
export interface CachedPixelStore extends PixelStore {
  /** Path of the file. */
  readonly file: string;
  /** Why the images were decoded; `undefined` if the file that was there is used. */
  readonly madeBecause: ReusedRecordFile['madeBecause'];
  /** Closes the file; pixels cannot be read any more. */
  close(): void;
}

/** Options of `cachedPixelStore`. */
export interface CachedPixelStoreOptions
  extends Omit<PixelStoreOptions, 'decode'>,
    Omit<DecodeOptions, 'rule'> {
  /** Folder of the cache, created where needed. It may be deleted at any time. */
  folder: string;
  /** Images decoded at a time. @default four times the number of cores */
  concurrency?: number | undefined;
}

/** Raised when decoding or the facts change, so that older files are not used. */
const VERSION = 4;

/** What the file tells beside the pixels; all else follows from the key. */
interface Facts extends ChosenChannels {
  /** Place and reason of every image that could not be decoded. */
  readonly skipped: readonly (readonly [index: number, reason: string])[];
  /** `null` if no image asked for it. */
  readonly bitsStored: number | null;
  readonly warnings: readonly (readonly [index: number, warnings: readonly ImageWarning[]])[];
}

/**
 * A `PixelStore` in a file instead of in memory, decoded by the first run that needs it and read by all later ones, also
 * at the same time. A batch reads only the bytes it
 * holds; memory grows by about 50 bytes per image, for its checksum and its place in the index of ids, and while the store is
 * opened by the fingerprint of every file.
 *
 * The file is named after a SHA-256 of the bytes of all images, their ids, the rule, the channels and the version of the
 * decoder. All images are therefore read, though not decoded, by every run: dates and sizes can stay the same when
 * contents change, bytes cannot. The file is verified before it is used, and made again if it is truncated or corrupt
 * (`madeBecause`). It appears when it is whole, so runs that need the same one do not disturb each other.
 *
 * @param samples - Of files, which `decodeImageFile` reads; at least one, with different ids.
 * @throws As `createPixelStore` does.
 * @throws {FileError} If the cache cannot be read or written, or an image changes while it is read.
 *
 * @example
 * const store = await cachedPixelStore(samples, { folder: './.xray-cache', rule: { height: 224, width: 224 } });
 */
export async function cachedPixelStore(
  samples: readonly Sample[],
  options: CachedPixelStoreOptions,
): Promise<CachedPixelStore> {
  refuseUnknownOptions('cachedPixelStore', options, OPTIONS);
  const { folder, rule, signal, onBadImage = 'fail', concurrency = 4 * availableParallelism() } = options;
  const contents = await fingerprintFiles(
    samples.map(({ source }) => source),
    { concurrency, signal },
  );
  const key = pixelCacheKey(samples, contents, options);
  const kind = { kind: 'xray-pixels', version: VERSION, key };
  const file = join(folder, `${key.slice(0, 32)}.pixels`);

  async function make(): Promise<void> {
    const changed = new Set<string>();
    const decode = verifiedDecoder(contents, options, changed);
    const decoding = { ...options, concurrency, decode };
    const chosen = await chooseChannels(samples, decoding);
    const recordBytes = rule.height * rule.width * chosen.channels;
    await createRecordFile(file, { ...kind, recordBytes, count: samples.length }, async (put) => {
      const {
        reasons,
        bitsStored = null,
        warnings,
      } = await decodePixels(samples, chosen.channels, decoding, put);
      for (const source of changed) throw changedError(source);
      return { ...chosen, skipped: [...reasons], bitsStored, warnings: [...warnings] } satisfies Facts;
    });
  }

  const { records, madeBecause } = await reuseRecordFile(file, kind, make, { signal });
  const { channels, coloured, skipped, bitsStored, warnings } = records.facts as Facts;
  if (onBadImage === 'fail' && skipped.length > 0) {
    records.close();
    const [index, reason] = skipped[0]!;
    throw new BadImageError({ file: samples[index]!.source, reason, cause: undefined });
  }
  const places = Int32Array.from(samples.keys()).filter(records.has);
  const facts: PixelStoreFacts = {
    ids: Array.from(places, (place) => samples[place]!.id),
    height: rule.height,
    width: rule.width,
    channels,
    rule: { ...rule },
    bitsStored: bitsStored ?? undefined,
    coloured,
    skipped: skippedImages(samples, new Map(skipped)),
    warnings: doubtfulImages(samples, new Map(warnings)),
  };
  const store = pixelStoreOver(
    facts,
    (index) => records.readRecord(places[index]!),
    (index) => records.checksumAt(places[index]!),
  );
  return { ...store, file, madeBecause, close: records.close };
}

/** Notes files whose bytes, once they are decoded, are not those that the key was made of. */
function verifiedDecoder(
  contents: ReadonlyMap<string, string>,
  { rule, frame, maxPixels }: DecodeOptions,
  changed: Set<string>,
) {
  return async ({ source }: Sample) => {
    try {
      return await decodeImageFile(source, { rule, frame, maxPixels });
    } finally {
      if ((await fingerprintOf(source)) !== contents.get(source)) changed.add(source);
    }
  };
}

function changedError(file: string): FileError {
  return new FileError({ file, problem: 'changed while it was read', fix: 'Run again.' });
}
