import type { ImageWarning, ResizeRule } from 'xray-core';
import { InvalidArgumentError, sha256 } from 'xray-core';

/** An image that could not be used. */
export interface SkippedImage {
  readonly id: string;
  readonly source: string;
  readonly reason: string;
}

/** An image that is used although something about it is to be doubted. */
export interface DoubtfulImage extends ImageWarning {
  readonly id: string;
  readonly source: string;
}

/** Decoded images of one size, uint8, in memory or in a file, and how they were made. */
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
  /**
   * Bits that 16-bit images whose white is not known were taken to store (see `PrepareRule`), for the rule of the model that
   * learns from them; `undefined` if there are none.
   */
  readonly bitsStored: number | undefined;
  /** How many of the inspected images were really coloured; nothing is inspected if the caller fixed `channels`. */
  readonly coloured: { readonly inspected: number; readonly count: number };
  readonly skipped: readonly SkippedImage[];
  /** What to doubt about images that were used, in the order of the samples. */
  readonly warnings: readonly DoubtfulImage[];
  /** `[height * width * channels]`, 0 is black. Not to be written to: a view, where the pixels are in memory. */
  pixelsAt(index: number): Uint8Array;
  /** The same by id. Throws if the store has no such image. */
  pixelsOf(id: string): Uint8Array;
  /** Place of an image, -1 if the store does not have it. */
  indexOf(id: string): number;
  /**
   * SHA-256 of the pixels as hex, for run records: of a text whose lines are `count,height,width,channels` and the
   * SHA-256 of each image, in order. Ids and file names do not matter.
   */
  contentHash(): Promise<string>;
}

/** A `PixelStore` in memory. */
export interface MemoryPixelStore extends PixelStore {
  /**
   * `[count * height * width * channels]`, in a SharedArrayBuffer where there is one, so that workers read it without a
   * copy. Not to be written to.
   */
  readonly pixels: Uint8Array;
}

/** @internal What a store knows beside its pixels. */
export type PixelStoreFacts = Omit<PixelStore, 'count' | 'pixelsAt' | 'pixelsOf' | 'indexOf' | 'contentHash'>;

/** Bytes of a line break and a SHA-256 as hex. */
const HASH_LINE = 65;

/**
 * @internal A store over anything that gives the pixels of a place.
 *
 * @param hashAt - SHA-256 of an image as hex.
 */
export function pixelStoreOver(
  facts: PixelStoreFacts,
  read: (index: number) => Uint8Array,
  hashAt: (index: number) => string | Promise<string>,
): PixelStore {
  const { ids, height, width, channels } = facts;
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
    return read(index);
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
    const encoder = new TextEncoder();
    const head = encoder.encode(`${ids.length},${height},${width},${channels}`);
    const text = new Uint8Array(head.length + ids.length * HASH_LINE); // strings would take three times as much
    text.set(head);
    for (let index = 0, at = head.length; index < ids.length; index++, at += HASH_LINE)
      encoder.encodeInto(`\n${await hashAt(index)}`, text.subarray(at));
    return sha256(text);
  }

  return { ...facts, count: ids.length, pixelsAt, pixelsOf, indexOf, contentHash };
}

/** @internal Wraps pixels that are complete. */
export function wrapPixels({ pixels, ...facts }: PixelStoreFacts & { pixels: Uint8Array }): MemoryPixelStore {
  const size = facts.height * facts.width * facts.channels;
  const view = (index: number) => pixels.subarray(index * size, (index + 1) * size);
  return { ...pixelStoreOver(facts, view, (index) => sha256(view(index))), pixels };
}
