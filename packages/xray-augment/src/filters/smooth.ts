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
  const kernel = halfGaussian(sigma);
  return smoothDown(
    smoothAcross(values, height, width, channels, kernel, outside),
    height,
    width * channels,
    kernel,
    outside,
  );
}

/** `[radius + 1]`, the weight of the middle and of those on one side; with the other side they sum to 1. */
function halfGaussian(sigma: number): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5);
  const half = Float64Array.from({ length: radius + 1 }, (_, side) =>
    side === 0 ? 1 : Math.exp(-(side ** 2) / (2 * sigma * sigma)),
  );
  const sum = 2 * half.reduce((total, weight) => total + weight, 0) - half[0]!;
  return half.map((weight) => weight / sum);
}

function smoothAcross(
  values: ArrayLike<number>,
  height: number,
  width: number,
  channels: number,
  kernel: Float64Array,
  outside: FillMode,
): Float64Array {
  const reach = (kernel.length - 1) * channels;
  const row = width * channels;
  const result = new Float64Array(height * row);
  const padded = new Float64Array(row + 2 * reach);
  const places = Int32Array.from(padded, (_, at) => {
    const place = placeInside(Math.floor((at - reach) / channels), width, outside);
    return place < 0 ? -1 : place * channels + (at % channels);
  });
  for (let y = 0; y < height; y++) {
    const start = y * row;
    for (let at = 0; at < padded.length; at++) {
      padded[at] = places[at]! < 0 ? 0 : values[start + places[at]!]!;
    }
    for (let at = 0; at < row; at++) {
      const middle = at + reach;
      let sum = kernel[0]! * padded[middle]!;
      for (let side = 1, off = channels; side < kernel.length; side++, off += channels) {
        sum += kernel[side]! * (padded[middle - off]! + padded[middle + off]!);
      }
      result[start + at] = sum;
    }
  }
  return result;
}

/** Row by row, so that memory is read in its order. */
function smoothDown(
  values: Float64Array,
  height: number,
  row: number,
  kernel: Float64Array,
  outside: FillMode,
): Float32Array {
  const result = new Float32Array(values.length);
  const sums = new Float64Array(row);
  const nothing = new Float64Array(row); // what a constant outside adds
  const rowAt = (y: number) => {
    const place = placeInside(y, height, outside);
    return place < 0 ? nothing : values.subarray(place * row, (place + 1) * row);
  };
  for (let y = 0; y < height; y++) {
    const middle = rowAt(y);
    for (let x = 0; x < row; x++) sums[x] = kernel[0]! * middle[x]!;
    for (let side = 1; side < kernel.length; side++) {
      const [above, below, weight] = [rowAt(y - side), rowAt(y + side), kernel[side]!];
      for (let x = 0; x < row; x++) sums[x]! += weight * (above[x]! + below[x]!);
    }
    result.set(sums, y * row);
  }
  return result;
}
