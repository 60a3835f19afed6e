import { throwIfAborted, yieldToEventLoop } from 'xray-core';
import { countBits } from './perceptual-hash.js';

/** Pairs looked at between two looks at the signal. */
const PAIRS_PER_TURN = 5e6;
/** An index and a 32-bit key share the 53 bits of a whole number. */
const INDEX_RANGE = 2 ** 21;

/**
 * @internal Visits all pairs of 64-bit hashes that differ in at most `maximumDistance` bits, each once, in an order that
 * depends on the hashes alone.
 *
 * Multi-index hashing: the bits are dealt out to `maximumDistance + 1` chunks; two hashes that differ in fewer bits than
 * there are chunks agree in at least one. For every chunk the hashes are sorted by it and those that agree are compared:
 * `O(d n log n)` for sorting, and of the `n * n / 2` pairs those compared that agree in a chunk. That is about one of `2 **
 * (64 / (d + 1))` per chunk where bits are independent, and all in the worst case, a dataset of equal hashes.
 *
 * @param hashes - `[2 * n]`, two words each; n below 2 million.
 * @param onChunk - Told after every chunk.
 *
 * @see Norouzi, Punjani & Fleet, Fast Search in Hamming Space with Multi-Index Hashing, CVPR 2012
 */
export async function visitNearPairs(
  hashes: Uint32Array,
  options: {
    maximumDistance: number;
    signal?: AbortSignal | undefined;
    onChunk?: ((done: number, total: number) => void) | undefined;
  },
  visit: (first: number, second: number, distance: number) => void,
): Promise<void> {
  const { maximumDistance, signal, onChunk } = options;
  const masks = chunkMasks(Math.max(2, maximumDistance + 1)); // a single chunk would have keys of 64 bits
  let left = PAIRS_PER_TURN;
  for (const [chunk, mask] of masks.entries()) {
    const sorted = sortByChunk(hashes, mask);
    for (let start = 0, end = 0; start < sorted.length; start = end) {
      const key = Math.floor(sorted[start]! / INDEX_RANGE);
      while (end < sorted.length && Math.floor(sorted[end]! / INDEX_RANGE) === key) end++;
      for (let one = start; one < end; one++) {
        const first = sorted[one]! % INDEX_RANGE;
        const high = hashes[2 * first]!;
        const low = hashes[2 * first + 1]!;
        for (let other = one + 1; other < end; other++) {
          const second = sorted[other]! % INDEX_RANGE;
          const differentHigh = high ^ hashes[2 * second]!;
          const differentLow = low ^ hashes[2 * second + 1]!;
          const distance = countBits(differentHigh) + countBits(differentLow);
          if (distance > maximumDistance) continue;
          if (!agreesBefore(masks, chunk, differentHigh, differentLow)) visit(first, second, distance);
        }
        left -= end - one;
        if (left < 0) {
          left = PAIRS_PER_TURN;
          await yieldToEventLoop();
          throwIfAborted(signal, 'The audit');
        }
      }
    }
    onChunk?.(chunk + 1, masks.length);
  }
}

type Mask = readonly [high: number, low: number];

/** Deals the bits out in turn, so that every chunk has low and high frequencies. */
function chunkMasks(count: number): Mask[] {
  return Array.from({ length: count }, (_, chunk) => {
    const mask: [number, number] = [0, 0];
    for (let bit = chunk; bit < 64; bit += count) mask[bit < 32 ? 0 : 1] |= 1 << (31 - (bit % 32));
    return mask;
  });
}

/** `key * INDEX_RANGE + index`, sorted: by the bits of the chunk, then by index. */
function sortByChunk(hashes: Uint32Array, [maskHigh, maskLow]: Mask): Float64Array {
  const sorted = new Float64Array(hashes.length / 2);
  for (let index = 0; index < sorted.length; index++) {
    const high = packBits(hashes[2 * index]!, maskHigh);
    const low = packBits(hashes[2 * index + 1]!, maskLow);
    sorted[index] = (high * 2 ** countBits(maskLow) + low) * INDEX_RANGE + index;
  }
  return sorted.sort();
}

/** The bits of a word that a mask names, side by side. */
function packBits(word: number, mask: number): number {
  let packed = 0;
  for (let rest = mask >>> 0; rest !== 0; ) {
    const bit = 31 - Math.clz32(rest);
    packed = packed * 2 + ((word >>> bit) & 1);
    rest = (rest & ~(1 << bit)) >>> 0;
  }
  return packed;
}

/** Whether a pair that differs in these bits was met in an earlier chunk. */
function agreesBefore(masks: readonly Mask[], chunk: number, high: number, low: number): boolean {
  for (let earlier = 0; earlier < chunk; earlier++) {
    const [maskHigh, maskLow] = masks[earlier]!;
    if (((high & maskHigh) | (low & maskLow)) === 0) return true;
  }
  return false;
}
