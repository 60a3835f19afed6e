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

  it.each(['fill', 'contain', 'cover'] as const)('takes an extent as the size of the picture: %s', (fit) => {
    const width = 61;
    const ramp = (columns: number) =>
      Uint8Array.from({ length: 20 * columns }, (_, at) => 3 * (at % columns) + 5);
    const resize = (columns: number, extent?: DecodedImage['extent']) =>
      resizeImage(
        { pixels: ramp(columns), height: 20, width: columns, channels: 1, extent },
        { height: 9, width: 20, fit },
      );
    // Half a column of a ramp more or less moves all levels but those at the border, which `cover` cuts off here.
    for (const [columns, covered] of [
      [61, 60.4],
      [61, 61.6],
    ] as const) {
      const part = resize(columns, { height: 20, width: covered });
      expect([part.width, part.height, part.extent]).toEqual([20, 9, undefined]);
      const shift = ((covered - width) * 3) / 20;
      const whole = resize(columns);
      for (let column = 5; column < 15; column++) {
        const at = 4 * 20 + column;
        const difference = part.pixels[at]! - whole.pixels[at]!;
        const expected = fit === 'cover' ? shift * 10 : shift * (column + 0.5);
        expect(Math.abs(difference - expected)).toBeLessThanOrEqual(1);
      }
    }
  });

  it('says what does not fit', () => {
    const beyond = {
      pixels: new Uint8Array(12),
      height: 3,
      width: 4,
      channels: 1,
      extent: { height: 3, width: 5 },
    } as const;
    expect(() => resizeImage(beyond, { height: 2, width: 2 })).toThrow(
      '`image.extent.width` must be less than one pixel from 4. Received: 5.',
    );
    const image: DecodedImage = { pixels: new Uint8Array(11), height: 2, width: 2, channels: 3 };
    expect(() => resizeImage(image, { height: 4, width: 4 })).toThrow(
      '`image.pixels` must be 2 x 2 x 3 = 12 values. Received: 11.',
    );
    expect(() => resizeImage({ ...image, pixels: new Uint8Array(12) }, { height: 0, width: 4 })).toThrow(
      '`rule.height` must be a whole number from 1 up. Received: 0.',
    );
  });
});
