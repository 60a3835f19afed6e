/** Weights of the source pixels that make one target pixel, for all target pixels of one axis. */
export interface FilterTaps {
  /** `[target]`, first source index. */
  readonly starts: Int32Array;
  /** `[target]`, how many source pixels count. */
  readonly counts: Int32Array;
  /** `[target * stride]`, sums to 1 for every target pixel. */
  readonly weights: Float64Array;
  readonly stride: number;
}

/** Where rows lie in a plane of bytes. */
interface Plane {
  readonly pixels: Uint8Array | Uint8ClampedArray;
  /** Bytes per row. */
  readonly line: number;
}

/** Pillow keeps 8-bit weights as integers with 22 binary digits after the point; sums then fit into 32 bits. */
const FRACTION_BITS = 22;
const HALF = 1 << (FRACTION_BITS - 1);

/** @internal Integer weights, rounded as Pillow does. */
function fixedPointWeights({ weights }: FilterTaps): Int32Array {
  return Int32Array.from(weights, (weight) => Math.trunc(weight * 2 ** FRACTION_BITS + 0.5));
}

/**
 * @internal Filters the rows of 8-bit pixels to another width. Four rows at a time share each weight, which takes about
 * half as long as one by one.
 */
export function resampleByteColumns(source: Plane, target: Plane, channels: number, taps: FilterTaps): void {
  const weights = fixedPointWeights(taps);
  const height = source.pixels.length / source.line;
  for (let row = 0; row < height; row += 4)
    resampleFourRows(source, target, row, height, channels, taps, weights);
}

/** Rows below the last one are stood in for by the first of the four, which is written last. */
function resampleFourRows(
  source: Plane,
  target: Plane,
  row: number,
  height: number,
  channels: number,
  { starts, counts, stride }: FilterTaps,
  weights: Int32Array,
): void {
  const from = source.pixels;
  const to = target.pixels;
  const row1 = row + 1 < height ? 1 : 0;
  const row2 = row + 2 < height ? 2 : 0;
  const row3 = row + 3 < height ? 3 : 0;
  const from1 = row1 * source.line;
  const from2 = row2 * source.line;
  const from3 = row3 * source.line;
  const to1 = row1 * target.line;
  const to2 = row2 * target.line;
  const to3 = row3 * target.line;
  const firstFrom = row * source.line;
  const firstTo = row * target.line;
  for (let channel = 0; channel < channels; channel++) {
    for (let column = 0; column < starts.length; column++) {
      let tap = column * stride;
      const end = tap + counts[column]!;
      let sum0 = HALF;
      let sum1 = HALF;
      let sum2 = HALF;
      let sum3 = HALF;
      let at = firstFrom + starts[column]! * channels + channel;
      for (; tap < end; tap++, at += channels) {
        const weight = weights[tap]!;
        sum0 = (sum0 + Math.imul(from[at]!, weight)) | 0;
        sum1 = (sum1 + Math.imul(from[at + from1]!, weight)) | 0;
        sum2 = (sum2 + Math.imul(from[at + from2]!, weight)) | 0;
        sum3 = (sum3 + Math.imul(from[at + from3]!, weight)) | 0;
      }
      const place = firstTo + column * channels + channel;
      to[place + to3] = sum3 >> FRACTION_BITS;
      to[place + to2] = sum2 >> FRACTION_BITS;
      to[place + to1] = sum1 >> FRACTION_BITS;
      to[place] = sum0 >> FRACTION_BITS;
    }
  }
}

/** @internal Filters the columns of 8-bit pixels to another height, row by row and four taps at a time. */
export function resampleByteRows(source: Plane, target: Plane, taps: FilterTaps): void {
  const { starts, counts, stride } = taps;
  const weights = fixedPointWeights(taps);
  const sums = new Int32Array(source.line);
  for (let row = 0; row < starts.length; row++) {
    sums.fill(HALF);
    for (let tap = 0; tap < counts[row]!; tap += 4) {
      addFourRows(
        source.pixels,
        source.line,
        starts[row]! + tap,
        weights,
        row * stride + tap,
        counts[row]! - tap,
        sums,
      );
    }
    const first = row * target.line;
    for (let at = 0; at < sums.length; at++) target.pixels[first + at] = sums[at]! >> FRACTION_BITS;
  }
}

/** Taps beyond the last one weigh nothing, and read the first row again. */
function addFourRows(
  pixels: Plane['pixels'],
  line: number,
  row: number,
  weights: Int32Array,
  tap: number,
  tapsLeft: number,
  sums: Int32Array,
): void {
  const weight0 = weights[tap]!;
  const weight1 = tapsLeft > 1 ? weights[tap + 1]! : 0;
  const weight2 = tapsLeft > 2 ? weights[tap + 2]! : 0;
  const weight3 = tapsLeft > 3 ? weights[tap + 3]! : 0;
  const from1 = tapsLeft > 1 ? line : 0;
  const from2 = tapsLeft > 2 ? 2 * line : 0;
  const from3 = tapsLeft > 3 ? 3 * line : 0;
  let from = row * line;
  for (let at = 0; at < sums.length; at++, from++) {
    const upper = (Math.imul(pixels[from]!, weight0) + Math.imul(pixels[from + from1]!, weight1)) | 0;
    const lower = (Math.imul(pixels[from + from2]!, weight2) + Math.imul(pixels[from + from3]!, weight3)) | 0;
    sums[at] = (sums[at]! + upper + lower) | 0;
  }
}
