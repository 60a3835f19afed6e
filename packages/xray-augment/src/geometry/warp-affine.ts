import { blankLike, type PixelImage, type Pixels, roundingOf, whiteOf } from '../pixel-image.js';
import type { AffineMatrix } from './affine-matrix.js';
import { createSampler, type Sampling } from './sampler.js';
import { warpColours, warpGrayBytes, warpGrayFloats } from './warp-row.js';

/** Allowed for rounding: places this near to a border are left to the sampler, which looks at it. */
const MARGIN = 1e-6;

/**
 * Warps an image by one affine matrix.
 *
 * @param matrix - From output to input places.
 * @returns New pixels of the same type and size; bytes are rounded.
 */
export function warpAffine(image: PixelImage, matrix: AffineMatrix, sampling: Sampling): Pixels {
  const { pixels, height, width, channels } = image;
  const { interpolation, fill, fillValue } = sampling;
  const [a, b, c, d, e, f] = matrix;
  const sample = createSampler(image, sampling);
  const output = blankLike(pixels);
  const constant = fillValue * whiteOf(pixels) + roundingOf(pixels);
  const whole: Span = [0, width];
  for (let y = 0; y < height; y++) {
    const start = y * width;
    const line = { fromX: b * y + c, stepX: a, fromY: e * y + f, stepY: d };
    // What is beyond the reach of all pixels is constant; where all four neighbours are pixels, no border is looked at.
    const touched = fill === 'constant' ? spanOf(line, image, -1 - MARGIN, 1 + MARGIN) : whole;
    const inner = interpolation === 'bilinear' ? spanOf(line, image, MARGIN, -MARGIN) : EMPTY;
    const [first, end] = inner[0] < inner[1] ? inner : [touched[0], touched[0]];
    output.fill(constant, start * channels, (start + touched[0]) * channels);
    output.fill(constant, (start + touched[1]) * channels, (start + width) * channels);
    for (let x = touched[0]; x < touched[1]; x++) {
      if (x === first) x = end;
      if (x < touched[1]) sample(a * x + line.fromX, d * x + line.fromY, output, (start + x) * channels);
    }
    if (end <= first) continue;
    const [startX, startY] = [a * first + line.fromX, d * first + line.fromY];
    const [at, count] = [(start + first) * channels, end - first];
    if (channels > 1) {
      const rounding = roundingOf(pixels);
      warpColours(pixels, output, startX, a, startY, d, width, at, count, channels, rounding);
    } else if (pixels instanceof Uint8Array) {
      warpGrayBytes(pixels, output as Uint8Array, startX, a, startY, d, width, at, count);
    } else warpGrayFloats(pixels, output as Float32Array, startX, a, startY, d, width, at, count);
  }
  return output;
}

type Span = readonly [first: number, end: number];
const EMPTY: Span = [0, 0];

/** Where the pixels of an output row come from: `fromX + stepX * x`, `fromY + stepY * x`. */
interface Line {
  readonly fromX: number;
  readonly stepX: number;
  readonly fromY: number;
  readonly stepY: number;
}

/** The part of an output row that comes from `[low, size - 1 + beyond]` of both axes; both ends inside the row. */
function spanOf(line: Line, { height, width }: PixelImage, low: number, beyond: number): Span {
  const [lowX, highX] = solve(line.fromX, line.stepX, low, width - 1 + beyond);
  const [lowY, highY] = solve(line.fromY, line.stepY, low, height - 1 + beyond);
  const first = Math.ceil(Math.max(0, lowX, lowY));
  const end = Math.floor(Math.min(width - 1, highX, highY)) + 1;
  return end > first ? [first, end] : EMPTY;
}

/** Where `low <= from + step * x <= high`. */
function solve(from: number, step: number, low: number, high: number): [low: number, high: number] {
  if (Math.abs(step) < 1e-9) {
    return from >= low && from <= high ? [-Infinity, Infinity] : [Infinity, -Infinity];
  }
  const [start, stop] = [(low - from) / step, (high - from) / step];
  return step > 0 ? [start, stop] : [stop, start];
}
