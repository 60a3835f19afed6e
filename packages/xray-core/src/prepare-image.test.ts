import { describe, expect, it } from 'vitest';
import { imageWarnings } from './image-warnings.js';
import { bitsOfLevels, convertChannels, prepareImage, toEightBit } from './prepare-image.js';

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

describe('16-bit images whose white is not known', () => {
  // Levels of 12 bits, as OpenCV or Pillow write DICOM pixels to PNG: 0, a half and all of 4095, as 8 bits 0, 128 and 255.
  const pixels = Uint16Array.of(0, 2048, 4095, 15);
  const image = { pixels, height: 1, width: 4, channels: 1, bitsUsed: bitsOfLevels(pixels) } as const;
  const resize = { height: 1, width: 4 };

  it('are scaled by the bits that they are said to store', () => {
    expect(image.bitsUsed).toBe(12);
    const levels = (bitsStored?: number) =>
      Array.from(prepareImage(image, { channels: 1, resize, bitsStored }).pixels);
    expect(levels(12)).toEqual([0, 128, 255, 0]);
    expect(levels(14)).toEqual([0, 32, 63, 0]);
    expect(levels()).toEqual([0, 8, 15, 0]);
    const known = { ...image, bitsUsed: undefined };
    expect(toEightBit(known, 12).pixels).toEqual(Uint8Array.of(0, 8, 15, 0));
  });

  it('are scaled alike when they are resized, and in colour', () => {
    const rule = { channels: 1, resize: { height: 1, width: 2 }, bitsStored: 12 } as const;
    expect(prepareImage({ ...image, pixels: new Uint16Array(4).fill(4095) }, rule).pixels).toEqual(
      Uint8Array.of(255, 255),
    );
    const color = { ...image, pixels: new Uint16Array(12).fill(4095), channels: 3 } as const;
    expect(prepareImage(color, rule).pixels).toEqual(Uint8Array.of(255, 255));
  });

  it('are refused where they use more bits, and where the bits are no number of bits', () => {
    const prepare = (bitsStored: number) => () => prepareImage(image, { channels: 1, resize, bitsStored });
    expect(prepare(11)).toThrow('`image.bitsUsed` must be at most 11');
    expect(prepare(7)).toThrow('`bitsStored` must be a whole number from 8 to 16. Received: 7.');
    expect(prepare(12.5)).toThrow('`bitsStored` must be');
  });

  it.each([
    [0, 1],
    [255, 8],
    [256, 9],
    [4095, 12],
    [65535, 16],
  ])('use, with a largest level of %i, %i bits', (level, bits) => {
    expect(bitsOfLevels(Uint16Array.of(0, level))).toBe(bits);
  });

  it('are doubted where bits stay unused', () => {
    const kinds = (bitsUsed: number, bitsStored?: number) =>
      imageWarnings({ ...image, bitsUsed }, { bitsStored }).map(({ text }) => text);
    expect(kinds(12)).toEqual([expect.stringMatching(/^uses 12 bits of its 16-bit levels/)]);
    expect(kinds(16)).toEqual([]);
    expect(kinds(12, 12)).toEqual([]);
    expect(kinds(11, 12)).toEqual([]);
    expect(kinds(10, 12)).toEqual([expect.stringMatching(/^uses 10 of the 12 bits/)]);
    expect(imageWarnings({ ...image, bitsUsed: undefined })).toEqual([]);
  });
});
