import { InvalidArgumentError } from './errors.js';

/** A stream of reproducible random numbers. */
export interface Random {
  /** Uniform 32-bit unsigned integer. */
  nextUint32(): number;
  /** Uniform in `[low, high)`. @default low 0, high 1 */
  uniform(low?: number, high?: number): number;
  /** Normal with the given mean and standard deviation. @default mean 0, standardDeviation 1 */
  normal(mean?: number, standardDeviation?: number): number;
  /** Uniform integer in `[low, high)`, without modulo bias. */
  integer(low: number, high: number): number;
  /** New array with the same items in random order (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[];
  /**
   * Independent stream named by `keys`. It depends on the seed and the names alone, not on how many numbers
   * were drawn before, so that work can be split, reordered and resumed.
   */
  stream(...keys: readonly (string | number)[]): Random;
}

/**
 * Creates a seeded random stream: xoshiro128**, its 128 bits of state being four MurmurHash3 (x86, 32 bit)
 * values of the seed and the stream's names. Same seed and names, same numbers, on every machine. Not for
 * cryptography.
 *
 * @param seed - A safe integer. One seed drives a whole run; parts of it use `stream`.
 * @throws {InvalidArgumentError} If `seed` is not a safe integer.
 *
 * @see Blackman & Vigna, Scrambled linear pseudorandom number generators, doi:10.1145/3460772
 *
 * @example
 * const random = createRandom(7).stream('shuffle', epoch);
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) {
    throw new InvalidArgumentError({ argument: 'seed', expected: 'a safe integer', received: seed });
  }
  return createStream(String(seed));
}

function createStream(name: string): Random {
  const bytes = new TextEncoder().encode(name);
  let a = murmurHash3(bytes, 0x9e3779b9);
  let b = murmurHash3(bytes, 0x243f6a88);
  let c = murmurHash3(bytes, 0xb7e15162);
  let d = murmurHash3(bytes, 0x6a09e667) | 1; // the state must not be all zero

  function nextUint32(): number {
    const times5 = Math.imul(b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  }

  function uniform(low = 0, high = 1): number {
    const share = ((nextUint32() >>> 5) * 67108864 + (nextUint32() >>> 6)) / 9007199254740992; // 53 bits
    return low + (high - low) * share;
  }

  function normal(mean = 0, standardDeviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform())); // Box–Muller; 1 - u keeps log finite
    return mean + standardDeviation * radius * Math.cos(2 * Math.PI * uniform());
  }

  function integer(low: number, high: number): number {
    const range = high - low;
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || range < 1 || range > 2 ** 32) {
      throw new InvalidArgumentError({
        argument: '[low, high)',
        expected: 'integers with 1 to 2^32 values between them',
        received: [low, high],
      });
    }
    const limit = 2 ** 32 - (2 ** 32 % range); // reject the incomplete last round
    let value = nextUint32();
    while (value >= limit) value = nextUint32();
    return low + (value % range);
  }

  function shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last--) {
      const other = integer(0, last + 1);
      [result[last], result[other]] = [result[other]!, result[last]!];
    }
    return result;
  }

  return {
    nextUint32,
    uniform,
    normal,
    integer,
    shuffle,
    // JSON keeps ['a', 'b'] and ['a,b'] apart.
    stream: (...keys) => createStream(`${name}${JSON.stringify(keys)}`),
  };
}

/** MurmurHash3, x86, 32 bit. @see https://github.com/aappleby/smhasher (public domain) */
function murmurHash3(bytes: Uint8Array, seed: number): number {
  let hash = seed;
  const blocks = bytes.length >>> 2;
  const scramble = (word: number): number => {
    const mixed = Math.imul(word, 0xcc9e2d51);
    return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
  };
  for (let block = 0; block < blocks; block++) {
    const at = block * 4;
    hash ^= scramble(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let at = bytes.length - 1; at >= blocks * 4; at--) tail = (tail << 8) | bytes[at]!;
  if (bytes.length & 3) hash ^= scramble(tail);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
