import { checkImage } from './check-image.js';
import { type FilterTaps, filterTaps } from './filter-taps.js';
import type { DecodedImage, ResizeRule } from './image.js';
import { type ByteImage, resampleBytes } from './resample-bytes.js';
import { resampleSimd } from './resample-simd.js';
import { checkWholeNumber } from './whole-number.js';

/**
 * The one resize of this project: used for training and for prediction, in Node and in the browser, so that a
 * model always sees the pixels it was trained on.
 *
 * Antialiased resizing of 8-bit images follows Pillow's fixed-point arithmetic (columns first, as up to version 11;
 * newer ones start with the rows of tall images and differ by one gray level there) and gives the same bytes as
 * `Image.resize((width, height), Image.BILINEAR)`, `ImageOps.pad` (`contain`) and `ImageOps.fit` (`cover`). An `extent`
 * is Pillow's `box`, which may end beyond the last pixel here.
 * 16-bit images are filtered in floating point.
 *
 * @returns A new image of `rule.height` x `rule.width` pixels with the channels and the pixel type of `image`.
 * @throws {InvalidArgumentError} If a size is not a positive integer or `pixels` has another length than the sizes say.
 *
 * @see Pillow, src/libImaging/Resample.c (the coefficient table and rounding that this reproduces)
 *
 * @example
 * const small = resizeImage(image, { height: 224, width: 224 });
 */
export function resizeImage(image: DecodedImage, rule: ResizeRule): DecodedImage {
  checkImage(image);
  checkWholeNumber('rule.height', rule.height);
  checkWholeNumber('rule.width', rule.width);
  const { fit = 'fill' } = rule;
  // Every rule keeps an image of the right size as it is; looking takes less time than filtering.
  if (!image.extent && image.height === rule.height && image.width === rule.width)
    return { ...image, pixels: image.pixels.slice() };
  if (fit === 'contain') return resizeContain(image, rule);
  return resizeBox(image, fit === 'cover' ? coverBox(image, rule) : wholeBox(image), rule);
}

/** Part of the source image that is resampled, in source pixels, fractions allowed. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function wholeBox(image: DecodedImage): Box {
  const { height, width } = extentOf(image);
  return { left: 0, top: 0, right: width, bottom: height };
}

const extentOf = (image: DecodedImage) => image.extent ?? image;

/** Largest centred box with the target's aspect ratio. */
function coverBox(image: DecodedImage, rule: ResizeRule): Box {
  const { height, width } = extentOf(image);
  const targetRatio = rule.width / rule.height;
  const sourceRatio = width / height;
  const boxWidth = sourceRatio > targetRatio ? targetRatio * height : width;
  const boxHeight = sourceRatio > targetRatio ? height : width / targetRatio;
  const left = (width - boxWidth) * 0.5;
  const top = (height - boxHeight) * 0.5;
  // Pillow keeps boxes in single precision.
  return {
    left: Math.fround(left),
    top: Math.fround(top),
    right: Math.fround(left + boxWidth),
    bottom: Math.fround(top + boxHeight),
  };
}

function resizeContain(image: DecodedImage, rule: ResizeRule): DecodedImage {
  const { channels } = image;
  const source = extentOf(image);
  const sourceRatio = source.width / source.height;
  const targetRatio = rule.width / rule.height;
  let { height, width } = rule;
  if (sourceRatio > targetRatio)
    height = Math.max(1, roundHalfEven((source.height / source.width) * rule.width));
  else if (sourceRatio < targetRatio)
    width = Math.max(1, roundHalfEven((source.width / source.height) * rule.height));

  const inner = resizeBox(image, wholeBox(image), { ...rule, height, width });
  const pixels = newPixels(image, rule.height * rule.width * channels);
  const top = roundHalfEven((rule.height - height) * 0.5);
  const left = roundHalfEven((rule.width - width) * 0.5);
  for (let row = 0; row < height; row++) {
    const line = inner.pixels.subarray(row * width * channels, (row + 1) * width * channels);
    pixels.set(line, ((top + row) * rule.width + left) * channels);
  }
  return { pixels, height: rule.height, width: rule.width, channels };
}

function resizeBox(image: DecodedImage, box: Box, rule: ResizeRule): DecodedImage {
  const { height, width, method = 'antialias' } = rule;
  if (method === 'nearest') {
    const columns = nearestIndices(image.width, box.left, box.right, width);
    const rows = nearestIndices(image.height, box.top, box.bottom, height);
    return pick(image, rows, columns);
  }
  const horizontal = filterTaps(image.width, box.left, box.right, width);
  const vertical = filterTaps(image.height, box.top, box.bottom, height);
  const pixels = isDeep(image)
    ? resampleDeepRows(resampleDeepColumns(image, horizontal), vertical)
    : (resampleSimd(image as ByteImage, horizontal, vertical) ??
      resampleBytes(image as ByteImage, horizontal, vertical));
  return { pixels, height, width, channels: image.channels };
}

/** For every target index, the source index under its centre. Summed up step by step, because Pillow does so. */
function nearestIndices(size: number, from: number, to: number, target: number): Int32Array {
  const scale = Math.fround(to - from) / target;
  const indices = new Int32Array(target);
  let center = from + scale * 0.5;
  for (let index = 0; index < target; index++, center += scale) {
    indices[index] = Math.min(size - 1, Math.max(0, Math.floor(center)));
  }
  return indices;
}

function pick(image: DecodedImage, rows: Int32Array, columns: Int32Array): DecodedImage {
  const { channels } = image;
  const pixels = newPixels(image, rows.length * columns.length * channels);
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * image.width + column) * channels;
      for (let channel = 0; channel < channels; channel++) pixels[to++] = image.pixels[from + channel]!;
    }
  }
  return { pixels, height: rows.length, width: columns.length, channels };
}

/** An image of 16-bit levels, which are filtered in floating point. */
interface DeepImage extends DecodedImage {
  readonly pixels: Uint16Array;
}

const isDeep = (image: DecodedImage): image is DeepImage => image.pixels.BYTES_PER_ELEMENT > 1;

function resampleDeepColumns(image: DeepImage, taps: FilterTaps): DeepImage {
  const { height, channels } = image;
  const width = taps.starts.length;
  const pixels = new Uint16Array(height * width * channels);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const firstTap = column * taps.stride;
      for (let channel = 0; channel < channels; channel++) {
        let from = (row * image.width + taps.starts[column]!) * channels + channel;
        let sum = 0.5;
        for (let tap = 0; tap < taps.counts[column]!; tap++, from += channels) {
          sum += image.pixels[from]! * taps.weights[firstTap + tap]!;
        }
        pixels[(row * width + column) * channels + channel] = Math.floor(sum);
      }
    }
  }
  return { pixels, height, width, channels };
}

function resampleDeepRows({ pixels, width, channels }: DeepImage, taps: FilterTaps): Uint16Array {
  const line = width * channels;
  const target = new Uint16Array(taps.starts.length * line);
  const sums = new Float64Array(line);
  for (let row = 0; row < taps.starts.length; row++) {
    sums.fill(0.5);
    for (let tap = 0; tap < taps.counts[row]!; tap++) {
      const weight = taps.weights[row * taps.stride + tap]!;
      const from = (taps.starts[row]! + tap) * line;
      for (let at = 0; at < line; at++) sums[at]! += pixels[from + at]! * weight;
    }
    for (let at = 0; at < line; at++) target[row * line + at] = Math.floor(sums[at]!);
  }
  return target;
}

function newPixels(image: DecodedImage, length: number): Uint8Array | Uint16Array {
  return isDeep(image) ? new Uint16Array(length) : new Uint8Array(length);
}

/** Python's `round`, which Pillow uses for the sizes of `contain`. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
