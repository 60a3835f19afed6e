import { describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { isColoured } from './is-coloured.js';

/** 100 pixels, gray but for `coloured` of them. */
function image(coloured: number, difference: number, scale = 1) {
  const random = createRandom(7);
  const values = Array.from({ length: 100 }, (_, index) => {
    const gray = random.integer(0, 200);
    return [gray, gray, gray + (index < coloured ? difference : 0)];
  }).flat();
  const pixels = scale === 1 ? Uint8Array.from(values) : Uint16Array.from(values, (value) => value * scale);
  return { pixels, height: 10, width: 10, channels: 3 } as const;
}

describe('isColoured', () => {
  it.each([
    { name: 'three equal channels', given: image(0, 0), expected: false },
    { name: 'chroma noise of a JPEG', given: image(100, 10), expected: false },
    { name: 'a small coloured mark', given: image(5, 50), expected: false },
    { name: 'a coloured part', given: image(6, 50), expected: true },
    { name: 'a tint', given: image(100, 20), expected: true },
    { name: 'a tint in 16 bit', given: image(100, 20, 257), expected: true },
    { name: 'noise in 16 bit', given: image(100, 10, 257), expected: false },
    {
      name: 'one channel',
      given: { pixels: new Uint8Array(9), height: 3, width: 3, channels: 1 } as const,
      expected: false,
    },
  ])('$name: $expected', ({ given, expected }) => {
    expect(isColoured(given)).toBe(expected);
  });
});
