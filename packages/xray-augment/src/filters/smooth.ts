import { type FillMode, placeInside } from '../geometry/fill-mode.js';

/**
 * Smooths with a Gaussian that is cut off at four standard deviations, as SciPy's `gaussian_filter` does.
 *
 * @param values - `[height * width * channels]`, any numbers.
 * @param sigma - Standard deviation, pixels; 0 copies.
 * @param outside - `reflect` for images; `constant` takes 0.
 */
export function smooth(
  values: ArrayLike<number>,
  shape: { readonly height: number; readonly width: number; readonly channels: number },
  sigma: number,
  outside: FillMode = 'reflect',
): Float32Array {
  const { height, width, channels } = shape;
  const kernel = gaussian(sigma);
  const across = new Float32Array(values.length);
  const result = new Float32Array(values.length);
  const row = width * channels;
  for (let y = 0; y < height; y++) {
    for (let channel = 0; channel < channels; channel++) {
      smoothLine(values, across, y * row + channel, channels, width, kernel, outside);
    }
  }
  for (let x = 0; x < row; x++) smoothLine(across, result, x, row, height, kernel, outside);
  return result;
}

/** `[2 * radius + 1]`, sums to 1. */
function gaussian(sigma: number): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, index) =>
    radius === 0 ? 1 : Math.exp(-((index - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return kernel.map((weight) => weight / sum);
}

/** Smooths `count` values that lie `stride` apart. */
function smoothLine(
  from: ArrayLike<number>,
  to: Float32Array,
  start: number,
  stride: number,
  count: number,
  kernel: Float64Array,
  outside: FillMode,
): void {
  const radius = kernel.length >> 1;
  const padded = new Float64Array(count + 2 * radius);
  for (let at = 0; at < padded.length; at++) {
    const place = placeInside(at - radius, count, outside);
    padded[at] = place < 0 ? 0 : from[start + place * stride]!;
  }
  for (let at = 0; at < count; at++) {
    let sum = kernel[radius]! * padded[at + radius]!;
    for (let side = 1; side <= radius; side++) {
      sum += kernel[radius + side]! * (padded[at + radius - side]! + padded[at + radius + side]!);
    }
    to[start + at * stride] = sum;
  }
}
