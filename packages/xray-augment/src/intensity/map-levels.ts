import { blankLike, type PixelImage, type Pixels } from '../pixel-image.js';

/** A new value for a value; both in `[0, 1]`, what leaves the range is cut off. */
export type Curve = (value: number) => number;

/** `scale * value + offset`, values in `[0, 1]`; what leaves the range is cut off. */
export interface Line {
  readonly scale: number;
  readonly offset: number;
}

/** Puts every value through a curve; through a table for uint8. */
export function mapLevels(image: PixelImage, curve: Curve): Pixels {
  const { pixels } = image;
  if (pixels instanceof Uint8Array)
    return throughTable(pixels, 0, 1, levelTable(curve), new Uint8Array(pixels.length));
  const mapped = new Float32Array(pixels.length);
  for (let at = 0; at < pixels.length; at++) mapped[at] = clip(curve(pixels[at]!));
  return mapped;
}

/** Puts every value of a channel on its line: without a call for each of them. */
export function mapLines({ pixels, channels }: PixelImage, lineOf: (channel: number) => Line): Pixels {
  const mapped = blankLike(pixels);
  for (let channel = 0; channel < channels; channel++) {
    const { scale, offset } = lineOf(channel);
    if (pixels instanceof Uint8Array) {
      const table = levelTable((value) => scale * value + offset);
      throughTable(pixels, channel, channels, table, mapped as Uint8Array);
    } else {
      alongLine(pixels, mapped as Float32Array, channel, channels, scale, offset);
    }
  }
  return mapped;
}

// A function of its own, with plain numbers: three times as fast as in place.
function alongLine(
  pixels: Float32Array,
  mapped: Float32Array,
  start: number,
  step: number,
  scale: number,
  offset: number,
): void {
  for (let at = start; at < pixels.length; at += step) {
    mapped[at] = Math.min(1, Math.max(0, scale * pixels[at]! + offset));
  }
}

/** Cuts off what leaves `[0, 1]`. */
function clip(value: number): number {
  return value < 0 ? 0 : Math.min(value, 1);
}

function throughTable(
  pixels: Uint8Array,
  start: number,
  step: number,
  table: Uint8Array,
  mapped: Uint8Array,
): Uint8Array {
  for (let at = start; at < pixels.length; at += step) mapped[at] = table[pixels[at]!]!;
  return mapped;
}

function levelTable(curve: Curve): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, level) => Math.round(clip(curve(level / 255)) * 255));
}
