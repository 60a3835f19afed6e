import { describe, expect, it } from 'vitest';
import { createRandom } from './random.js';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('createRandom', () => {
  it('repeats itself for the same seed and differs for another', () => {
    const first = createRandom(7);
    const second = createRandom(7);
    const other = createRandom(8);
    const numbers = draw(20, () => first.nextUint32());

    expect(draw(20, () => second.nextUint32())).toEqual(numbers);
    expect(draw(20, () => other.nextUint32())).not.toEqual(numbers);
  });

  it('follows xoshiro128** from its hashed state', () => {
    // Reference implementation by Blackman & Vigna, run on the state of this stream.
    const rotate = (value: number, by: number) => ((value << by) | (value >>> (32 - by))) >>> 0;
    const reference = (state: number[]) => {
      const [s0, s1, s2, s3] = state as [number, number, number, number];
      const result = Math.imul(rotate(Math.imul(s1, 5) >>> 0, 7), 9) >>> 0;
      const c = s2 ^ s0;
      const d = s3 ^ s1;
      return { result, next: [s0 ^ d, s1 ^ c, c ^ (s1 << 9), rotate(d, 11)] };
    };
    // MurmurHash3 of "7" computed with the mmh3 package for the four seeds.
    let state = [0x0f8ddf76, 0xd3771899, 0x229a7210, 0x59e3a715 | 1].map((word) => word | 0);
    const random = createRandom(7);
    const expected = draw(50, () => {
      const { result, next } = reference(state);
      state = next;
      return result;
    });

    expect(draw(50, () => random.nextUint32())).toEqual(expected);
  });

  it('gives streams that depend on their name and not on what was drawn before', () => {
    const used = createRandom(7);
    draw(100, () => used.uniform());

    expect(used.stream('shuffle', 3).uniform()).toBe(createRandom(7).stream('shuffle', 3).uniform());
    const names: (string | number)[][] = [['a'], ['b'], ['a', 1], ['a1'], ['a', '1'], ['a,1'], [1], ['1']];
    const values = names.map((name) =>
      createRandom(7)
        .stream(...name)
        .uniform(),
    );
    expect(new Set(values).size).toBe(names.length);
    expect(createRandom(7).stream('a').stream('b').uniform()).not.toBe(
      createRandom(7).stream('a', 'b').uniform(),
    );
  });

  it('draws uniform and normal numbers with the right moments', () => {
    const random = createRandom(1);
    const uniform = draw(50_000, () => random.uniform(-1, 3));
    const normal = draw(50_000, () => random.normal(5, 2));

    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...uniform)).toBeLessThan(3);
    // Four standard errors.
    expect(Math.abs(mean(uniform) - 1)).toBeLessThan((4 * 4) / Math.sqrt(12 * 50_000));
    expect(Math.abs(mean(normal) - 5)).toBeLessThan((4 * 2) / Math.sqrt(50_000));
    const variance = mean(normal.map((value) => (value - 5) ** 2));
    expect(Math.abs(variance - 4)).toBeLessThan(4 * 4 * Math.sqrt(2 / 50_000));
  });

  it('draws every integer of a range equally often', () => {
    const random = createRandom(2);
    const counts = new Array<number>(7).fill(0);
    for (let round = 0; round < 70_000; round++) counts[random.integer(-3, 4) + 3]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);

    expect(chiSquare).toBeLessThan(22.46); // 99.9 % quantile at 6 degrees of freedom
  });

  it('shuffles into a permutation, every place equally likely', () => {
    const random = createRandom(3);
    const items = ['a', 'b', 'c', 'd'];
    const firsts = new Map<string, number>();
    for (let round = 0; round < 40_000; round++) {
      const shuffled = random.shuffle(items);
      expect([...shuffled].sort()).toEqual(items);
      firsts.set(shuffled[0]!, (firsts.get(shuffled[0]!) ?? 0) + 1);
    }
    for (const count of firsts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(350); // four sigma
    expect(items).toEqual(['a', 'b', 'c', 'd']);
  });

  it('names what is wrong with a seed or a range', () => {
    expect(() => createRandom(0.5)).toThrow('`seed` must be a safe integer. Received: 0.5.');
    expect(() => createRandom(Number.NaN)).toThrow('Received: NaN.');
    expect(() => createRandom(1).integer(5, 5)).toThrow(
      '`[low, high)` must be integers with 1 to 2^32 values',
    );
  });
});
