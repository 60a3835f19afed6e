import { type FilterTaps, fixedPointWeights } from './filter-taps.js';
import { growMemory, imageKernels } from './image-kernels.js';
import type { ByteImage } from './resample-bytes.js';

/** Source rows in the memory of the kernels at a time: a multiple of 4, few enough to stay in the cache. */
const STRIPE = 64;
/** Pixels whose weights lie together: 8 along a row, 2 along a column. */
const BLOCK = 8;
const PAIR = 2;
/** Bytes filtered together along columns. */
const LANES = 16;

/**
 * @internal Does what `resampleBytes` does, to the same bytes, with WebAssembly SIMD: in about a third of the time.
 *
 * @returns `undefined` where that is not possible.
 */
export function resampleSimd(
  image: ByteImage,
  horizontal: FilterTaps,
  vertical: FilterTaps,
): Uint8Array | undefined {
  const kernels = imageKernels();
  if (!kernels) return undefined;
  const { height, width, channels } = image;
  const columns = packTaps(horizontal, BLOCK);
  const rows = packTaps(vertical, PAIR);
  const target = { height: vertical.starts.length, width: horizontal.starts.length };
  const line = roundUp(target.width, LANES);

  let bytes = 0;
  const reserve = (size: number): number => {
    const address = bytes;
    bytes += roundUp(size, LANES);
    return address;
  };
  const columnStarts = reserve(columns.starts.byteLength);
  const columnWeights = reserve(columns.weights.byteLength);
  const rowStarts = reserve(rows.starts.byteLength);
  const rowWeights = reserve(rows.weights.byteLength);
  const narrow = reserve((roundUp(height, 4) + PAIR * rows.groups) * line);
  const result = reserve(target.height * line);
  const source = reserve(STRIPE * width + BLOCK * columns.groups);
  if (!growMemory(kernels.memory, bytes)) return undefined;

  const memory = new Uint8Array(kernels.memory.buffer);
  const write = (address: number, { buffer }: Int32Array | Int16Array) =>
    memory.set(new Uint8Array(buffer as ArrayBuffer), address);
  write(columnStarts, columns.starts);
  write(columnWeights, columns.weights);
  write(rowStarts, rows.starts);
  write(rowWeights, rows.weights);

  const pixels = new Uint8Array(target.height * target.width * channels);
  for (let channel = 0; channel < channels; channel++) {
    for (let first = 0; first < height; first += STRIPE) {
      const count = Math.min(STRIPE, height - first);
      copyIn(image, channel, first * width, count * width, memory, source);
      const place = narrow + first * line;
      kernels.resampleColumns(
        ...[source, width, roundUp(count, 4), columnStarts, columnWeights, columns.groups],
        ...[place, line, target.width],
      );
    }
    kernels.resampleRows(narrow, line, rowStarts, rowWeights, rows.groups, result, target.height);
    copyOut(
      memory.subarray(result, result + target.height * line),
      line,
      pixels,
      target.width,
      channel,
      channels,
    );
  }
  return pixels;
}

function copyIn(
  { pixels, channels }: ByteImage,
  channel: number,
  first: number,
  count: number,
  memory: Uint8Array,
  address: number,
): void {
  if (channels === 1) memory.set(pixels.subarray(first, first + count), address);
  else
    for (let at = 0, from = first * channels + channel; at < count; at++, from += channels)
      memory[address + at] = pixels[from]!;
}

function copyOut(
  lines: Uint8Array,
  line: number,
  pixels: Uint8Array,
  width: number,
  channel: number,
  channels: number,
): void {
  if (channels === 1 && line === width) pixels.set(lines);
  else
    for (let from = 0, to = channel; from < lines.length; from += line)
      for (let at = from; at < from + width; at++, to += channels) pixels[to] = lines[at]!;
}

/** Weights in equally many groups per target pixel, zeros at the end, upper and lower 11 of their 22 digits apart. */
function packTaps(taps: FilterTaps, group: number) {
  const { starts, counts, stride } = taps;
  const fixed = fixedPointWeights(taps);
  const groups = Math.ceil(Math.max(...counts) / group);
  const weights = new Int16Array(starts.length * groups * 2 * group);
  for (let index = 0; index < starts.length; index++) {
    const first = index * stride;
    const end = first + counts[index]!;
    let at = index * groups * 2 * group;
    for (let block = first; block < end; block += group, at += 2 * group) {
      for (let within = 0; within < group && block + within < end; within++) {
        const weight = fixed[block + within]!;
        weights[at + within] = weight >> 11;
        weights[at + group + within] = weight & 0x7ff;
      }
    }
  }
  return { starts, weights, groups };
}

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;
