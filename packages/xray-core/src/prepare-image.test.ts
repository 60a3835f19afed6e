import { describe, expect, it } from 'vitest';
import { convertChannels, prepareImage, toEightBit } from './prepare-image.js';

describe('convertChannels', () => {
  it("has the gray levels of Pillow's convert('L')", () => {
    // Image.new('RGB', (1, 1), color).convert('L').getpixel((0, 0)) with Pillow 11.3
    const table: [number[], number][] = [
      [[255, 0, 0], 76],
      [[0, 255, 0], 150],
      [[0, 0, 255], 29],
      [[255, 255, 255], 255],
      [[12, 200, 77], 130],
      [[199, 3, 250], 90],
      [[1, 2, 3], 2],
    ];
    for (const [color, gray] of table) {
      const image = { pixels: Uint8Array.from(color), height: 1, width: 1, channels: 3 } as const;
      expect(convertChannels(image, 1).pixels[0], color.join()).toBe(gray);
    }
  });

  it('keeps every gray level on the way to RGB and back', () => {
    const levels = Uint8Array.from({ length: 256 }, (_, level) => level);
    const color = convertChannels({ pixels: levels, height: 16, width: 16, channels: 1 }, 3);

    expect(color.pixels.length).toBe(768);
    expect(Array.from(convertChannels(color, 1).pixels)).toEqual(Array.from(levels));
  });
});

describe('prepareImage', () => {
  it('brings 16-bit color of any size to 8-bit gray of the asked size', () => {
    const pixels = new Uint16Array(6 * 4 * 3).fill(0x80ff);
    const prepared = prepareImage(
      { pixels, height: 6, width: 4, channels: 3 },
      { channels: 1, resize: { height: 3, width: 5 } },
    );

    expect(prepared).toMatchObject({ height: 3, width: 5, channels: 1 });
    expect(prepared.pixels).toEqual(new Uint8Array(15).fill(0x80));
  });

  it('keeps 8-bit images untouched by the depth rule', () => {
    const image = { pixels: Uint8Array.of(1, 2), height: 1, width: 2, channels: 1 } as const;
    expect(toEightBit(image)).toBe(image);
  });

  it('refuses images whose numbers do not agree', () => {
    const rule = { channels: 1, resize: { height: 4, width: 4 } } as const;
    const image = { pixels: new Uint8Array(10), height: 4, width: 4, channels: 3 } as const;
    expect(() => prepareImage(image, rule)).toThrow(
      '`image.pixels` must be 4 x 4 x 3 = 48 values. Received: 10.',
    );
    expect(() => prepareImage({ ...image, pixels: new Uint8Array(64), channels: 4 as 3 }, rule)).toThrow(
      '`image.channels` must be 1 (gray) or 3 (RGB). Received: 4. Drop the alpha channel.',
    );
    const shares = new Float32Array(48) as unknown as Uint8Array;
    expect(() => prepareImage({ ...image, pixels: shares }, rule)).toThrow(
      '`image.pixels` must be a Uint8Array, Uint8ClampedArray, Uint16Array. Received: "Float32Array". Numbers from 0 to 1',
    );
  });
});
