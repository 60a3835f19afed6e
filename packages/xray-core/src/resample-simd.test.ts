import { afterEach, describe, expect, it, vi } from 'vitest';
import { filterTaps } from './filter-taps.js';
import type { DecodedImage } from './image.js';
import { createRandom } from './random.js';
import { type ByteImage, resampleBytes } from './resample-bytes.js';
import { resampleSimd } from './resample-simd.js';

const random = createRandom(7);

function noise(height: number, width: number, channels: 1 | 3): ByteImage {
  const pixels = Uint8Array.from({ length: height * width * channels }, () => random.integer(0, 256));
  return { pixels, height, width, channels };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('resampleSimd', () => {
  it('gives the bytes of plain JavaScript for any sizes, boxes and channels', () => {
    for (let round = 0; round < 300; round++) {
      const height = random.integer(1, round % 10 === 0 ? 400 : 70);
      const width = random.integer(1, round % 10 === 1 ? 900 : 70);
      const image = noise(height, width, round % 3 === 0 ? 3 : 1);
      const left = random.uniform(0, width / 3);
      const top = random.uniform(0, height / 3);
      const horizontal = filterTaps(width, left, width - left, random.integer(1, 81));
      const vertical = filterTaps(height, top, height - top, random.integer(1, 81));

      const result = resampleSimd(image, horizontal, vertical);

      expect(result).toBeDefined();
      expect(Buffer.compare(result!, resampleBytes(image, horizontal, vertical))).toBe(0);
    }
  });

  it('keeps the extremes', () => {
    for (const level of [0, 255]) {
      const image = noise(200, 300, 1);
      image.pixels.fill(level);
      const result = resampleSimd(image, filterTaps(300, 0, 300, 33), filterTaps(200, 0, 200, 450));
      expect(new Set(result)).toEqual(new Set([level]));
    }
  });

  it('leaves the work to plain JavaScript where WebAssembly is refused, and asks only once', async () => {
    const Module = vi.fn(function refuse() {
      throw new EvalError('refused by the policy of this page');
    });
    vi.stubGlobal('WebAssembly', { Module });
    vi.resetModules();
    const fresh = await import('./resample-simd.js');
    const { resizeImage } = await import('./resize-image.js');
    const image = noise(40, 50, 3);
    const rule = { height: 20, width: 30 };
    const [horizontal, vertical] = [filterTaps(50, 0, 50, 30), filterTaps(40, 0, 40, 20)];

    expect(fresh.resampleSimd(image, horizontal, vertical)).toBeUndefined();
    fresh.resampleSimd(image, horizontal, vertical);
    expect(Module).toHaveBeenCalledTimes(1);
    const expected: DecodedImage = {
      pixels: resampleSimd(image, horizontal, vertical)!,
      ...{ ...rule, channels: 3 },
    };
    expect(resizeImage(image, rule)).toEqual(expected);
  });
});
