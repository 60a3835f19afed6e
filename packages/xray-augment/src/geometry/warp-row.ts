import type { Pixels } from '../pixel-image.js';

// Parts of an output row whose four neighbours are all inside of the image: most pixels go through here. The same loop
// three times, and plain numbers as arguments: shared by both types of pixels, or with its numbers in an object, it takes three
// times as long.

/**
 * Bilinear, gray.
 *
 * @param startX - Where the first pixel comes from; the next ones by `stepX` and `stepY` further.
 * @param width - Of the image.
 * @param at - Where the first value goes.
 * @param count - Pixels.
 */
export function warpGrayFloats(
  pixels: Float32Array,
  output: Float32Array,
  startX: number,
  stepX: number,
  startY: number,
  stepY: number,
  width: number,
  at: number,
  count: number,
): void {
  for (let index = 0; index < count; index++) {
    const x = startX + stepX * index;
    const y = startY + stepY * index;
    const left = x | 0;
    const top = y | 0;
    const right = x - left;
    const from = (Math.imul(top, width) + left) | 0;
    const a = pixels[from]!;
    const c = pixels[from + width]!;
    const upper = a + (pixels[from + 1]! - a) * right;
    const lower = c + (pixels[from + width + 1]! - c) * right;
    output[at + index] = upper + (lower - upper) * (y - top);
  }
}

/** The same for bytes, rounded. */
export function warpGrayBytes(
  pixels: Uint8Array,
  output: Uint8Array,
  startX: number,
  stepX: number,
  startY: number,
  stepY: number,
  width: number,
  at: number,
  count: number,
): void {
  for (let index = 0; index < count; index++) {
    const x = startX + stepX * index;
    const y = startY + stepY * index;
    const left = x | 0;
    const top = y | 0;
    const right = x - left;
    const from = (Math.imul(top, width) + left) | 0;
    const a = pixels[from]!;
    const c = pixels[from + width]!;
    const upper = a + (pixels[from + 1]! - a) * right;
    const lower = c + (pixels[from + width + 1]! - c) * right;
    output[at + index] = upper + (lower - upper) * (y - top) + 0.5;
  }
}

/**
 * The same for any number of channels and both types.
 *
 * @param rounding - Added to each value: 0.5 for bytes.
 */
export function warpColours(
  pixels: Pixels,
  output: Pixels,
  startX: number,
  stepX: number,
  startY: number,
  stepY: number,
  width: number,
  at: number,
  count: number,
  channels: number,
  rounding: number,
): void {
  const below = Math.imul(width, channels);
  let to = at;
  for (let index = 0; index < count; index++) {
    const x = startX + stepX * index;
    const y = startY + stepY * index;
    const left = x | 0;
    const top = y | 0;
    const right = x - left;
    const down = y - top;
    let from = (Math.imul(top, below) + Math.imul(left, channels)) | 0;
    for (let channel = 0; channel < channels; channel++, from++, to++) {
      const a = pixels[from]!;
      const c = pixels[from + below]!;
      const upper = a + (pixels[from + channels]! - a) * right;
      const lower = c + (pixels[from + below + channels]! - c) * right;
      output[to] = upper + (lower - upper) * down + rounding;
    }
  }
}
