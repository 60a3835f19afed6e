import { FileError } from 'xray-core';

/** Most pixels that an image may have unless another limit is given: 16,383 x 16,383, a gigabyte as 16-bit RGB. */
export const DEFAULT_MAX_PIXELS = 0x3fff * 0x3fff;

/** @internal Refuses images that are larger than allowed, before memory is taken for them. */
export function checkImageSize(
  file: string,
  { height, width }: { readonly height: number; readonly width: number },
  maxPixels: number,
): void {
  const pixels = height * width;
  if (pixels <= maxPixels) return;
  throw new FileError({
    file,
    problem: `is too large: ${width}x${height} are ${pixels} pixels, allowed are ${maxPixels}`,
    fix: 'Raise `maxPixels` (`--max-pixels` of the programs) if it is no mistake.',
  });
}
