import { InvalidArgumentError, type OptionNames, refuseUnknownOptions, type Sample } from 'xray-core';
import {
  chooseChannels,
  decodePixels,
  doubtfulImages,
  type PixelStoreOptions,
  skippedImages,
} from './decode-pixels.js';
import { type MemoryPixelStore, wrapPixels } from './pixel-store.js';

const OPTIONS: OptionNames<PixelStoreOptions> = {
  decode: true,
  rule: true,
  channels: true,
  bitsStored: true,
  onBadImage: true,
  concurrency: true,
  signal: true,
  onProgress: true,
};

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
): Promise<MemoryPixelStore> {
  refuseUnknownOptions('createPixelStore', options, OPTIONS);
  const { rule } = options;
  const { channels, coloured } = await chooseChannels(samples, options);
  const size = rule.height * rule.width * channels;
  const pixels = new Uint8Array(allocate(samples.length * size));
  const { reasons, bitsStored, warnings } = await decodePixels(samples, channels, options, (index, image) =>
    pixels.set(image, index * size),
  );

  const ids: string[] = [];
  samples.forEach(({ id }, index) => {
    if (reasons.has(index)) return;
    const place = ids.length;
    if (place < index) pixels.copyWithin(place * size, index * size, (index + 1) * size); // closes gaps of skipped images
    ids.push(id);
  });
  return wrapPixels({
    ids,
    height: rule.height,
    width: rule.width,
    channels,
    rule: { ...rule },
    bitsStored,
    coloured,
    skipped: skippedImages(samples, reasons),
    warnings: doubtfulImages(samples, warnings),
    pixels: pixels.subarray(0, ids.length * size),
  });
}

function allocate(bytes: number): ArrayBufferLike {
  try {
    // Browsers hide SharedArrayBuffer from pages that are not cross-origin isolated.
    return typeof SharedArrayBuffer === 'function' ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  } catch {
    throw new InvalidArgumentError({
      argument: 'samples',
      expected: 'few enough, and `rule` small enough, for their pixels to fit in memory',
      received: `${bytes} bytes`,
      fix: 'Ask for smaller images, or keep the pixels in a file with cachedPixelStore.',
    });
  }
}
