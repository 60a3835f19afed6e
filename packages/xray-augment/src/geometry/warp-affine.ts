import { blankLike, type PixelImage, type Pixels, roundingOf } from '../pixel-image.js';
import type { AffineMatrix } from './affine-matrix.js';
import { createSampler, type SamplingOptions } from './sampler.js';

/**
 * Warps an image by one affine matrix.
 *
 * @param matrix - From output to input places.
 * @returns New pixels of the same type and size.
 */
export function warpAffine(image: PixelImage, matrix: AffineMatrix, options: SamplingOptions): Pixels {
  const { pixels, height, width, channels } = image;
  const [a, b, c, d, e, f] = matrix;
  const sample = createSampler(image, options);
  const output = blankLike(pixels);
  const isBilinear = options.interpolation !== 'nearest';
  for (let y = 0; y < height; y++) {
    const fromX = b * y + c;
    const fromY = e * y + f;
    const [first, end] = isBilinear ? insideOfRow(fromX, a, fromY, d, image) : [0, 0];
    let at = y * width * channels;
    for (let x = 0; x < first; x++, at += channels) sample(a * x + fromX, d * x + fromY, output, at);
    if (end > first) warpInside(image, output, at, end - first, a * first + fromX, a, d * first + fromY, d);
    at += (end - first) * channels;
    for (let x = end; x < width; x++, at += channels) sample(a * x + fromX, d * x + fromY, output, at);
  }
  return output;
}

/** The part `[first, end)` of an output row whose four source pixels are all inside the image. */
function insideOfRow(
  fromX: number,
  stepX: number,
  fromY: number,
  stepY: number,
  { height, width }: PixelImage,
): [first: number, end: number] {
  const [lowX, highX] = inside(fromX, stepX, width - 1);
  const [lowY, highY] = inside(fromY, stepY, height - 1);
  const first = Math.ceil(Math.max(0, lowX, lowY));
  const end = Math.floor(Math.min(width - 1, highX, highY)) + 1;
  return end > first ? [first, end] : [0, 0];
}

/** Where `0 <= from + step * x < limit`, a hair less for rounding. */
function inside(from: number, step: number, limit: number): [low: number, high: number] {
  const margin = 1e-6;
  if (Math.abs(step) < 1e-9) {
    return from >= margin && from < limit - margin ? [-Infinity, Infinity] : [Infinity, -Infinity];
  }
  const [start, stop] = [(margin - from) / step, (limit - margin - from) / step];
  return step > 0 ? [start, stop] : [stop, start];
}

/** The same as the bilinear sampler, without looking at the borders: most pixels go through here. */
function warpInside(
  { pixels, width, channels }: PixelImage,
  output: Pixels,
  outputStart: number,
  count: number,
  startX: number,
  stepX: number,
  startY: number,
  stepY: number,
): void {
  const rounding = roundingOf(pixels);
  const rowSize = width * channels;
  let at = outputStart;
  for (let index = 0; index < count; index++) {
    const x = startX + stepX * index;
    const y = startY + stepY * index;
    const left = x | 0;
    const top = y | 0;
    const right = x - left;
    const down = y - top;
    let from = top * rowSize + left * channels;
    for (let channel = 0; channel < channels; channel++, from++, at++) {
      const a = pixels[from]!;
      const c = pixels[from + rowSize]!;
      const upper = a + (pixels[from + channels]! - a) * right;
      output[at] = upper + (c + (pixels[from + rowSize + channels]! - c) * right - upper) * down + rounding;
    }
  }
}
