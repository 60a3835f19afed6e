import type { DecodedImage, ImageWarning } from './image.js';
import type { PrepareRule } from './prepare-image.js';

/** Bits fewer than expected that make an image suspicious: its brightest level is a quarter of white at most. */
const MISSING_BITS = 2;

/**
 * All that is to doubt about an image that is prepared by a rule: its own warnings, and whether its levels may be too dark,
 * where the file does not say which of them is white.
 *
 * @param rule - The one that prepares it. Without `bitsStored` every 16-bit image that leaves bits unused is doubted.
 */
export function imageWarnings(
  { bitsUsed, warnings = [] }: DecodedImage,
  { bitsStored }: Pick<PrepareRule, 'bitsStored'> = {},
): readonly ImageWarning[] {
  if (bitsUsed === undefined) return warnings;
  const isDoubtful = bitsStored === undefined ? bitsUsed < 16 : bitsUsed <= bitsStored - MISSING_BITS;
  if (!isDoubtful) return warnings;
  const text =
    bitsStored === undefined
      ? `uses ${bitsUsed} bits of its 16-bit levels, and nothing says how many it stores; taken as 16, it may be too dark`
      : `uses ${bitsUsed} of the ${bitsStored} bits that 16-bit images are taken to store, so it is dark`;
  return [...warnings, { kind: 'white-unknown', text }];
}
