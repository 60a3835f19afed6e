import { blankLike, type Pixels, roundingOf, whiteOf } from '../pixel-image.js';

/** New pixels of `pixels`' type from one value each, cut off at black and white; bytes are rounded. */
export function storeClipped(pixels: Pixels, values: Float32Array): Pixels {
  const white = whiteOf(pixels);
  const rounding = roundingOf(pixels);
  const stored = blankLike(pixels);
  for (let index = 0; index < pixels.length; index++) {
    const value = values[index]!;
    stored[index] = value < 0 ? 0 : value > white ? white : value + rounding;
  }
  return stored;
}
