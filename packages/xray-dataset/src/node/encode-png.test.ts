import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodePng } from './encode-png.js';

async function read(uri: string) {
  expect(uri.startsWith('data:image/png;base64,')).toBe(true);
  const png = sharp(Buffer.from(uri.split(',')[1]!, 'base64'));
  const { space } = await png.metadata();
  const { data, info } = await png.toColourspace(space).raw().toBuffer({ resolveWithObject: true });
  return { pixels: [...data], height: info.height, width: info.width, channels: info.channels };
}

describe('encodePng', () => {
  it.each([1, 3] as const)('keeps every pixel of an image with %i channel(s)', async (channels) => {
    const pixels = Uint8Array.from({ length: 6 * channels }, (_, at) => at * 9);
    const image = { pixels, height: 2, width: 3, channels };
    expect(await read(await encodePng(image))).toEqual({ ...image, pixels: [...pixels] });
  });

  it('shows 16-bit images in 8 bit', async () => {
    const image = { pixels: Uint16Array.from([0, 65535]), height: 1, width: 2, channels: 1 } as const;
    expect((await read(await encodePng(image))).pixels).toEqual([0, 255]);
  });

  it('shrinks to the longest side, and never enlarges', async () => {
    const image = { pixels: new Uint8Array(40 * 100), height: 40, width: 100, channels: 1 } as const;
    expect(await read(await encodePng(image, { maxSide: 50 }))).toMatchObject({ height: 20, width: 50 });
    expect(await read(await encodePng(image, { maxSide: 500 }))).toMatchObject({ height: 40, width: 100 });
    const line = { pixels: new Uint8Array(100), height: 1, width: 100, channels: 1 } as const;
    expect(await read(await encodePng(line, { maxSide: 10 }))).toMatchObject({ height: 1, width: 10 });
  });

  it('refuses a side of 0', async () => {
    const image = { pixels: new Uint8Array(1), height: 1, width: 1, channels: 1 } as const;
    await expect(encodePng(image, { maxSide: 0 })).rejects.toThrow(
      /`maxSide` must be a whole number from 1 up/,
    );
  });
});
