import { type DataSet, TAGS } from './data-set.js';
import type { DicomHeader } from './dicom-header.js';
import { type DisplayCurve, displayCurve, linear, modalityTransform } from './display-window.js';
import { CLIPPED_SHARE, percentileWindow } from './percentile-window.js';

/** @internal How the stored values of a file are shown. */
export interface DisplayLevels {
  /** Level of each of the `2 ** bitsStored` bit patterns a pixel can have. */
  readonly levels: Uint8Array | Uint16Array;
  /** Whether the file asks for a window that would leave nothing to see. */
  readonly isWindowIgnored: boolean;
}

/**
 * @internal Chooses the display levels of a file.
 *
 * @param counts - `[2 ** bitsStored]`, pixels of each bit pattern.
 */
export function displayLevels(
  elements: DataSet,
  header: DicomHeader,
  name: string,
  counts: Uint32Array,
): DisplayLevels {
  const { bitsStored, isSigned, isInverted } = header;
  const count = 2 ** bitsStored;
  const lowest = isSigned ? -count / 2 : 0;
  const toValue = modalityTransform(elements, name, isSigned);
  const valueAt = (rank: number) => toValue(lowest + rank); // ranks order the patterns by their stored number
  const patternAt = (rank: number) => (lowest + rank + count) % count;

  const isPadding = paddingOf(elements, lowest, count);
  const shown = Uint32Array.from({ length: count }, (_, rank) =>
    isPadding(rank) ? 0 : counts[patternAt(rank)]!,
  );
  const asked = displayCurve(elements, name, isSigned);
  const isWindowIgnored = asked !== undefined && leavesNothing(asked, shown, valueAt);
  const automatic = () => {
    if (bitsStored > 8) return percentileWindow(shown, valueAt);
    const [first, last] = [valueAt(0), valueAt(count - 1)];
    return linear((first + last) / 2, Math.abs(last - first));
  };
  const curve = asked === undefined || isWindowIgnored ? automatic() : asked;

  const top = bitsStored > 8 ? 65535 : 255;
  const levels = bitsStored > 8 ? new Uint16Array(count) : new Uint8Array(count);
  for (let rank = 0; rank < count; rank++) {
    const level = curve(valueAt(rank));
    levels[patternAt(rank)] = isPadding(rank) ? 0 : Math.round((isInverted ? 1 - level : level) * top);
  }
  return { levels, isWindowIgnored };
}

/**
 * Ranks of the values that fill the frame around the image and are shown as background.
 *
 * @see DICOM PS3.3, C.7.5.1.1.2
 */
function paddingOf(elements: DataSet, lowest: number, count: number): (rank: number) => boolean {
  const rankOf = (tag: number) => {
    const value = lowest < 0 ? elements.int16(tag) : elements.uint16(tag);
    const rank = value === undefined ? -1 : value - lowest;
    return rank >= 0 && rank < count ? rank : undefined; // no pixel can have another value
  };
  const one = rankOf(TAGS.PixelPaddingValue);
  if (one === undefined) return () => false;
  const other = rankOf(TAGS.PixelPaddingRangeLimit) ?? one;
  const [first, last] = [Math.min(one, other), Math.max(one, other)];
  return (rank) => rank >= first && rank <= last;
}

/** Whether all but a few pixels would be shown as black, or all as white, although they differ. */
function leavesNothing(curve: DisplayCurve, shown: Uint32Array, valueAt: (rank: number) => number): boolean {
  let [total, black, white, different] = [0, 0, 0, 0];
  shown.forEach((pixels, rank) => {
    if (pixels === 0) return;
    const level = curve(valueAt(rank));
    total += pixels;
    different++;
    if (level < 1 / 255) black += pixels;
    if (level > 254 / 255) white += pixels;
  });
  return different > 1 && Math.max(black, white) >= (1 - CLIPPED_SHARE) * total;
}
