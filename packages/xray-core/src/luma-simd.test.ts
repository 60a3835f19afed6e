import { afterEach, describe, expect, it, vi } from 'vitest';
import { lumaSimd } from './luma-simd.js';
import { convertChannels } from './prepare-image.js';
import { createRandom } from './random.js';

const random = createRandom(7);

/** Pillow's `L24`, in whole numbers without a limit. */
function pillowLuma(color: Uint8Array | Uint8ClampedArray): Uint8Array {
  return Uint8Array.from({ length: color.length / 3 }, (_, at) => {
    const [red, green, blue] = color.subarray(at * 3, at * 3 + 3);
    return Number((BigInt(red!) * 19595n + BigInt(green!) * 38470n + BigInt(blue!) * 7471n + 0x8000n) >> 16n);
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('lumaSimd', () => {
  it('gives the levels of Pillow for any number of pixels, in views, too', () => {
    for (const count of [1, 2, 15, 16, 17, 1000, 16_383, 16_384, 16_385, 40_003]) {
      const whole = Uint8Array.from({ length: count * 3 + 5 }, () => random.integer(0, 256));
      const color = whole.subarray(5);
      expect(Buffer.compare(lumaSimd(color)!, pillowLuma(color))).toBe(0);
    }
    const clamped = Uint8ClampedArray.of(255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255);
    expect(lumaSimd(clamped)).toEqual(pillowLuma(clamped));
  });

  it('keeps every gray level', () => {
    const color = Uint8Array.from({ length: 256 * 3 }, (_, at) => Math.floor(at / 3));
    expect(lumaSimd(color)).toEqual(Uint8Array.from({ length: 256 }, (_, level) => level));
  });

  it('is the same in plain JavaScript, where WebAssembly is refused', async () => {
    const pixels = Uint8Array.from({ length: 60 * 3 }, () => random.integer(0, 256));
    const image = { pixels, height: 6, width: 10, channels: 3 } as const;
    vi.stubGlobal('WebAssembly', undefined);
    vi.resetModules();
    expect((await import('./luma-simd.js')).lumaSimd(pixels)).toBeUndefined();
    const plain = (await import('./prepare-image.js')).convertChannels(image, 1);
    expect(plain).toEqual(convertChannels(image, 1));
    expect(plain.pixels).toEqual(pillowLuma(pixels));
  });
});
