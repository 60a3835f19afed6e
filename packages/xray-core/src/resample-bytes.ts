import { type FilterTaps, FRACTION_BITS, fixedPointWeights } from './filter-taps.js';
import type { DecodedImage } from './image.js';

/** An image of 8-bit levels. */
export interface ByteImage extends DecodedImage {
  readonly pixels: Uint8Array | Uint8ClampedArray;
}

/** Bytes that are filtered along one axis, in lines that lie side by side across it. */
interface Lines {
  readonly pixels: Uint8Array | Uint8ClampedArray;
  /** Place of the first byte. */
  readonly first: number;
  /** From one byte of a line to the next. */
  readonly along: number;
  /** From a line to its neighbour. */
  readonly across: number;
}

const HALF = 1 << (FRACTION_BITS - 1);

/** @internal Filters the columns, then the rows of 8-bit pixels, in integers. For engines without WebAssembly SIMD. */
export function resampleBytes(image: ByteImage, horizontal: FilterTaps, vertical: FilterTaps): Uint8Array {
  const { height, channels } = image;
  const line = horizontal.starts.length * channels;
  const narrow = new Uint8Array(height * line);
  for (let first = 0; first < channels; first++) {
    const source = { pixels: image.pixels, first, along: channels, across: image.width * channels };
    resampleLines(source, { pixels: narrow, first, along: channels, across: line }, height, horizontal);
  }
  const pixels = new Uint8Array(vertical.starts.length * line);
  const place = { first: 0, along: line, across: 1 };
  resampleLines({ ...place, pixels: narrow }, { ...place, pixels }, line, vertical);
  return pixels;
}

/** Filters `count` lines to another length. Four at a time share each weight, which takes about half as long as one by one. */
function resampleLines(source: Lines, target: Lines, count: number, taps: FilterTaps): void {
  const weights = fixedPointWeights(taps);
  for (let line = 0; line < count; line += 4)
    resampleFourLines(source, target, line, count - line, taps, weights);
}

/** Lines beyond the last one are stood in for by the first of the four, which is written last. */
function resampleFourLines(
  source: Lines,
  target: Lines,
  line: number,
  linesLeft: number,
  { starts, counts, stride }: FilterTaps,
  weights: Int32Array,
): void {
  const { pixels: from, along } = source;
  const { pixels: to, along: step } = target;
  const line1 = linesLeft > 1 ? 1 : 0;
  const line2 = linesLeft > 2 ? 2 : 0;
  const line3 = linesLeft > 3 ? 3 : 0;
  const from1 = line1 * source.across;
  const from2 = line2 * source.across;
  const from3 = line3 * source.across;
  const to1 = line1 * target.across;
  const to2 = line2 * target.across;
  const to3 = line3 * target.across;
  const firstFrom = source.first + line * source.across;
  let place = target.first + line * target.across;
  for (let index = 0; index < starts.length; index++, place += step) {
    let tap = index * stride;
    const end = tap + counts[index]!;
    let sum0 = HALF;
    let sum1 = HALF;
    let sum2 = HALF;
    let sum3 = HALF;
    let at = firstFrom + starts[index]! * along;
    for (; tap < end; tap++, at += along) {
      const weight = weights[tap]!;
      sum0 = (sum0 + Math.imul(from[at]!, weight)) | 0;
      sum1 = (sum1 + Math.imul(from[at + from1]!, weight)) | 0;
      sum2 = (sum2 + Math.imul(from[at + from2]!, weight)) | 0;
      sum3 = (sum3 + Math.imul(from[at + from3]!, weight)) | 0;
    }
    to[place + to3] = sum3 >> FRACTION_BITS;
    to[place + to2] = sum2 >> FRACTION_BITS;
    to[place + to1] = sum1 >> FRACTION_BITS;
    to[place] = sum0 >> FRACTION_BITS;
  }
}
