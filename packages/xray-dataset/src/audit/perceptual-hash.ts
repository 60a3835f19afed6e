import { type DecodedImage, prepareImage, toEightBit } from 'xray-core';

/** @internal Height and width of the image that is hashed and correlated. */
export const THUMBNAIL_SIDE = 32;
/** Frequencies kept in each direction, the constant included. */
const FREQUENCIES = 8;

/** `[8, 32]`: cosines of the type-II DCT. */
const COSINES = Float64Array.from({ length: FREQUENCIES * THUMBNAIL_SIDE }, (_, at) => {
  const frequency = Math.floor(at / THUMBNAIL_SIDE);
  const place = at % THUMBNAIL_SIDE;
  return Math.cos((Math.PI * frequency * (2 * place + 1)) / (2 * THUMBNAIL_SIDE));
});

/** @internal The gray 32x32 image that hashes are made of, uint8 `[32 * 32]`. */
export function thumbnailOf(image: DecodedImage): Uint8Array {
  const resize = { height: THUMBNAIL_SIDE, width: THUMBNAIL_SIDE };
  return prepareImage(toEightBit(image), { resize, channels: 1 }).pixels;
}

/**
 * @internal The 64 bits of a thumbnail's hash: whether each of the 8 x 8 lowest frequencies of its cosine transform lies
 * above their median, row by row, the first one highest.
 */
export function hashThumbnail(thumbnail: Uint8Array): [high: number, low: number] {
  const columns = new Float64Array(FREQUENCIES * THUMBNAIL_SIDE); // [frequency down, x]
  for (let frequency = 0; frequency < FREQUENCIES; frequency++) {
    for (let y = 0; y < THUMBNAIL_SIDE; y++) {
      const cosine = COSINES[frequency * THUMBNAIL_SIDE + y]!;
      for (let x = 0; x < THUMBNAIL_SIDE; x++)
        columns[frequency * THUMBNAIL_SIDE + x]! += cosine * thumbnail[y * THUMBNAIL_SIDE + x]!;
    }
  }
  const spectrum = new Float64Array(FREQUENCIES * FREQUENCIES);
  for (let down = 0; down < FREQUENCIES; down++) {
    for (let across = 0; across < FREQUENCIES; across++) {
      let sum = 0;
      for (let x = 0; x < THUMBNAIL_SIDE; x++)
        sum += columns[down * THUMBNAIL_SIDE + x]! * COSINES[across * THUMBNAIL_SIDE + x]!;
      spectrum[down * FREQUENCIES + across] = sum;
    }
  }
  const sorted = spectrum.toSorted();
  const median = (sorted[sorted.length / 2 - 1]! + sorted[sorted.length / 2]!) / 2;
  const word = (from: number) => {
    let bits = 0;
    for (let at = from; at < from + 32; at++) bits = (bits << 1) | Number(spectrum[at]! > median);
    return bits >>> 0;
  };
  return [word(0), word(32)];
}

/** @internal Number of ones. */
export function countBits(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * Perceptual hash (pHash) of an image: the image in 32 x 32 gray pixels, its cosine transform, and of the 8 x 8 lowest
 * frequencies one bit each, set if above their median. Compression, resizing and moderate changes of contrast turn few
 * of the 64 bits; turning, mirroring and cropping turn many.
 *
 * The bits are those of `imagehash.phash` in Python for images of 32 x 32 pixels. Others are resized with the one resize
 * of `xray-core` instead of Lanczos', which turns a bit now and then.
 *
 * @returns 16 hexadecimal digits.
 *
 * @see Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010, section 3.2.1
 * @see https://github.com/JohannesBuchner/imagehash, `phash` (median of all 64 frequencies)
 *
 * @example
 * hammingDistance(perceptualHash(first), perceptualHash(second)) <= 8; // worth a look
 */
export function perceptualHash(image: DecodedImage): string {
  return hashThumbnail(thumbnailOf(image))
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('');
}

/** Number of bits in which two hashes of `perceptualHash` differ, from 0 to 64. */
export function hammingDistance(first: string, second: string): number {
  const word = (hash: string, from: number) => Number.parseInt(hash.slice(from, from + 8), 16);
  return [0, 8].reduce((sum, from) => sum + countBits(word(first, from) ^ word(second, from)), 0);
}
