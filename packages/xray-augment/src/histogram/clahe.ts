import { checkWholeNumber, type OptionNames, refuseUnknownOptions } from 'xray-core';
import { checkRange, type Range } from '../check-options.js';
import { createAugmentation, type ImageAugmentation } from '../create-augmentation.js';
import type { PixelImage } from '../pixel-image.js';
import { histogramOf, onEightBits, roundHalfToEven } from './eight-bit.js';

const OPTIONS: OptionNames<ClaheOptions> = {
  clipLimit: true,
  tiles: true,
  probability: true,
};

/** Options of `clahe`. */
export interface ClaheOptions {
  /** Smallest and largest clip limit, as a multiple of the mean count per level. @default [1, 4] */
  clipLimit?: Range | undefined;
  /** Tiles along each side. @default 8 */
  tiles?: number | undefined;
  /** Share of images that are changed. @default 1 */
  probability?: number | undefined;
}

/**
 * Contrast-limited adaptive histogram equalization: each tile gets a table of its own whose slope is limited, and
 * tables are mixed between tile centres. What OpenCV's `CLAHE` gives (per channel), but for one level on about 1 % of
 * the pixels, where it rounds otherwise. float32 images are rounded to 256 levels first.
 *
 * @throws {InvalidArgumentError} If `tiles` is no whole number from 1 up, or another number is out of range.
 *
 * @see Zuiderveld, Contrast limited adaptive histogram equalization, Graphics Gems IV, 1994, pp. 474-485
 */
export function clahe(options: ClaheOptions = {}): ImageAugmentation<{ clipLimit: number }> {
  refuseUnknownOptions('clahe', options, OPTIONS);
  const { clipLimit: range = [1, 4], tiles = 8, probability } = options;
  checkRange('clipLimit', range, 0.01);
  checkWholeNumber('tiles', tiles, 1);
  return createAugmentation({
    kind: 'clahe',
    probability,
    draw: (random) => ({ clipLimit: random.uniform(...range) }),
    apply: (image, { clipLimit }) => onEightBits(image, (plane) => equalizeTiles(plane, clipLimit, tiles)),
  });
}

function equalizeTiles(image: PixelImage<Uint8Array>, clipLimit: number, tiles: number): Uint8Array {
  const { pixels, height, width } = image;
  // OpenCV adds a whole tile's remainder on both sides as soon as one of them has one.
  const isEven = height % tiles === 0 && width % tiles === 0;
  const tileHeight = isEven ? height / tiles : Math.floor(height / tiles) + 1;
  const tileWidth = isEven ? width / tiles : Math.floor(width / tiles) + 1;
  const tables: Uint8Array[] = [];
  for (let row = 0; row < tiles; row++) {
    for (let column = 0; column < tiles; column++) {
      const levels = new Uint8Array(tileHeight * tileWidth);
      for (let y = 0, at = 0; y < tileHeight; y++) {
        const from = mirrored(row * tileHeight + y, height) * width;
        for (let x = 0; x < tileWidth; x++)
          levels[at++] = pixels[from + mirrored(column * tileWidth + x, width)]!;
      }
      tables.push(clippedTable(levels, clipLimit));
    }
  }
  return mixTables(image, tables, tiles, tileHeight, tileWidth);
}

/** Beyond the last pixel comes the one before it: OpenCV's `BORDER_REFLECT_101`. */
function mirrored(place: number, size: number): number {
  if (size === 1) return 0;
  const folded = place % (2 * size - 2);
  return folded < size ? folded : 2 * size - 2 - folded;
}

/** `[256]`, the equalizing table of a tile after counts above the limit were shared out to all levels. */
function clippedTable(levels: Uint8Array, clipLimit: number): Uint8Array {
  const counts = histogramOf(levels);
  const limit = Math.max(1, Math.floor((clipLimit * levels.length) / 256));
  let excess = 0;
  for (let level = 0; level < 256; level++) {
    excess += Math.max(0, counts[level]! - limit);
    counts[level] = Math.min(counts[level]!, limit);
  }
  const share = Math.floor(excess / 256);
  const rest = excess - share * 256;
  const step = Math.max(1, Math.floor(256 / Math.max(1, rest)));
  for (let level = 0; level < 256; level++) counts[level]! += share;
  for (let level = 0, left = rest; level < 256 && left > 0; level += step, left--) counts[level]!++;

  const scale = Math.fround(255 / levels.length);
  let sum = 0;
  return Uint8Array.from(counts, (count) => {
    sum += count;
    return Math.min(255, roundHalfToEven(Math.fround(sum * scale)));
  });
}

function mixTables(
  { pixels, height, width }: PixelImage<Uint8Array>,
  tables: readonly Uint8Array[],
  tiles: number,
  tileHeight: number,
  tileWidth: number,
): Uint8Array {
  const columns = Array.from({ length: width }, (_, x) => between(x, tileWidth, tiles));
  const output = new Uint8Array(pixels.length);
  for (let y = 0, at = 0; y < height; y++) {
    const row = between(y, tileHeight, tiles);
    for (let x = 0; x < width; x++, at++) {
      const { first, second, share } = columns[x]!;
      const level = pixels[at]!;
      const upper =
        tables[row.first * tiles + first]![level]! * (1 - share) +
        tables[row.first * tiles + second]![level]! * share;
      const lower =
        tables[row.second * tiles + first]![level]! * (1 - share) +
        tables[row.second * tiles + second]![level]! * share;
      output[at] = roundHalfToEven(Math.fround(upper * (1 - row.share) + lower * row.share));
    }
  }
  return output;
}

/** The two tiles a pixel lies between, and the second one's share. */
function between(place: number, tileSize: number, tiles: number) {
  const position = Math.fround(place / tileSize - 0.5);
  const first = Math.floor(position);
  return {
    first: Math.max(first, 0),
    second: Math.min(first + 1, tiles - 1),
    share: Math.fround(position - first),
  };
}
