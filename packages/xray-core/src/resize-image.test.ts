import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DecodedImage, ResizeRule } from './image.js';
import { resizeImage } from './resize-image.js';

interface Case {
  source: { height: number; width: number; channels: 1 | 3; pixels: string };
  rule: Required<ResizeRule>;
  pixels: string;
}

const { cases } = JSON.parse(
  readFileSync(new URL('./__fixtures__/pillow-resize.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

describe('resizeImage', () => {
  it.each(
    cases.map(({ source, rule, pixels }) => ({
      name: `${source.height}x${source.width}x${source.channels} to ${rule.height}x${rule.width}, ${rule.fit}, ${rule.method}`,
      source,
      rule,
      pixels,
    })),
  )('gives the bytes of Pillow: $name', ({ source, rule, pixels }) => {
    const result = resizeImage({ ...source, pixels: bytes(source.pixels) }, rule);

    expect([result.height, result.width, result.channels]).toEqual([
      rule.height,
      rule.width,
      source.channels,
    ]);
    expect(Buffer.from(result.pixels)).toEqual(Buffer.from(bytes(pixels)));
  });

  it('keeps 16 bits and a constant image constant', () => {
    const image: DecodedImage = {
      pixels: new Uint16Array(50 * 31).fill(40_001),
      height: 50,
      width: 31,
      channels: 1,
    };
    const { pixels } = resizeImage(image, { height: 17, width: 64 });

    expect(pixels).toBeInstanceOf(Uint16Array);
    expect(new Set(pixels)).toEqual(new Set([40_001]));
  });

  it('filters 16-bit images as it filters 8-bit ones', () => {
    const small = Uint8Array.from({ length: 40 * 40 }, (_, index) => (index * 37) % 251);
    const large = Uint16Array.from(small, (value) => value * 256);
    const rule = { height: 15, width: 22 };
    const eightBit = resizeImage({ pixels: small, height: 40, width: 40, channels: 1 }, rule).pixels;
    const sixteenBit = resizeImage({ pixels: large, height: 40, width: 40, channels: 1 }, rule).pixels;

    // Pillow rounds twice, so one gray level either way.
    eightBit.forEach((value, index) => {
      expect(Math.abs(sixteenBit[index]! / 256 - value)).toBeLessThanOrEqual(1);
    });
  });

  it('says what does not fit', () => {
    const image: DecodedImage = { pixels: new Uint8Array(11), height: 2, width: 2, channels: 3 };
    expect(() => resizeImage(image, { height: 4, width: 4 })).toThrow(
      '`image.pixels` must be 2 x 2 x 3 = 12 values. Received: 11.',
    );
    expect(() => resizeImage({ ...image, pixels: new Uint8Array(12) }, { height: 0, width: 4 })).toThrow(
      '`rule.height` must be a whole number from 1 up. Received: 0.',
    );
  });
});
