import type { ResizeRule, SIXTEEN_BIT_RULE } from 'xray-core';
import { InvalidArgumentError, sha256 } from 'xray-core';

/** An image that could not be used. */
export interface SkippedImage {
  readonly id: string;
  readonly source: string;
  readonly reason: string;
}

/** Decoded images of one size in memory, uint8, and how they were made. */
export interface PixelStore {
  /** `[count]`, in the order of the samples. */
  readonly ids: readonly string[];
  readonly count: number;
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  /** 1 for gray, 3 for RGB. */
  readonly channels: 1 | 3;
  readonly rule: ResizeRule;
  /** How 16-bit images became 8-bit ones. */
  readonly sixteenBitRule: typeof SIXTEEN_BIT_RULE;
  /** How many of the inspected images were really coloured; nothing is inspected if the caller fixed `channels`. */
  readonly coloured: { readonly inspected: number; readonly count: number };
  readonly skipped: readonly SkippedImage[];
  /** `[count * height * width * channels]`, in a SharedArrayBuffer where there is one. Not to be written to. */
  readonly pixels: Uint8Array;
  /** View of `[height * width * channels]`, 0 is black. */
  pixelsAt(index: number): Uint8Array;
  /** View of `[height * width * channels]`, 0 is black. Throws if the store has no such image. */
  pixelsOf(id: string): Uint8Array;
  /** Place of an image, -1 if the store does not have it. */
  indexOf(id: string): number;
  /**
   * SHA-256 of the pixels as hex, for run records: of a text whose lines are `count,height,width,channels` and the
   * SHA-256 of each image, in order. Ids and file names do not matter.
   */
  contentHash(): Promise<string>;
}

/** @internal Wraps pixels that are complete. */
export function wrapPixels(
  facts: Omit<PixelStore, 'count' | 'pixelsAt' | 'pixelsOf' | 'indexOf' | 'contentHash'>,
): PixelStore {
  const { ids, height, width, channels, pixels } = facts;
  const size = height * width * channels;
  const indices = new Map(ids.map((id, index) => [id, index]));
  const indexOf = (id: string): number => indices.get(id) ?? -1;

  function pixelsAt(index: number): Uint8Array {
    if (!Number.isInteger(index) || index < 0 || index >= ids.length) {
      throw new InvalidArgumentError({
        argument: 'index',
        expected: `a whole number from 0 to ${ids.length - 1}`,
        received: index,
      });
    }
    return pixels.subarray(index * size, (index + 1) * size);
  }

  function pixelsOf(id: string): Uint8Array {
    const index = indexOf(id);
    if (index < 0) {
      throw new InvalidArgumentError({
        argument: 'id',
        expected: `one of the ${ids.length} images of this store, such as ${ids[0]}`,
        received: id,
        fix: 'Images that could not be decoded are listed in `skipped`.',
      });
    }
    return pixelsAt(index);
  }

  async function contentHash(): Promise<string> {
    const parts = [`${ids.length},${height},${width},${channels}`];
    for (let index = 0; index < ids.length; index++) parts.push(await sha256(pixelsAt(index)));
    return sha256(new TextEncoder().encode(parts.join('\n')));
  }

  return { ...facts, count: ids.length, pixelsAt, pixelsOf, indexOf, contentHash };
}
