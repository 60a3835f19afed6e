import type { DecodedImage } from 'xray-core';

/** Largest difference between the channels of a gray pixel, as a share of white: room for JPEG's chroma noise. */
const GRAY_TOLERANCE = 16 / 255;
/** @internal Share of pixels beyond the tolerance that makes an image coloured; a small coloured mark does not. */
export const COLOURED_SHARE = 0.05;

/**
 * Whether an image is really coloured: more than 5 % of its pixels have channels that differ by more than
 * 16 of 255 levels. Most chest X-rays with three components are gray in all of them.
 */
export function isColoured(image: DecodedImage): boolean {
  return colouredShare(image) > COLOURED_SHARE;
}

/** @internal Share of the pixels whose channels differ by more than 16 of 255 levels. */
export function colouredShare({ pixels, channels }: DecodedImage): number {
  if (channels === 1) return 0;
  const tolerance = GRAY_TOLERANCE * (pixels.BYTES_PER_ELEMENT > 1 ? 65535 : 255);
  let coloured = 0;
  for (let at = 0; at < pixels.length; at += 3) {
    const red = pixels[at]!;
    const green = pixels[at + 1]!;
    const blue = pixels[at + 2]!;
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > tolerance) coloured++;
  }
  return coloured / (pixels.length / 3);
}
