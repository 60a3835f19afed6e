import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import reference from '../__fixtures__/decode-reference.json' with { type: 'json' };
import { readJpegHeader } from './jpeg-header.js';

const files = [
  ...reference.decode,
  ...reference.shrink.map((entry, index) => ({ ...entry, name: `jpeg ${index}` })),
].map(({ name, file }) => ({ name, bytes: Buffer.from(file, 'base64') }));

describe('readJpegHeader', () => {
  it.each(files)('tells what sharp tells of a $name, or leaves it to sharp', async ({ name, bytes }) => {
    const { format, width, height, channels, orientation } = await sharp(bytes).metadata();
    const isPlain = format === 'jpeg' && orientation === undefined;
    expect(readJpegHeader(bytes)).toEqual(isPlain ? { width, height, components: channels } : undefined);
    expect(isPlain).toBe(name.includes('jpeg') && !name.includes('turned'));
  });

  it('leaves what is cut before the frame to sharp', () => {
    const bytes = files.find(({ name }) => name === 'gray jpeg')!.bytes;
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    for (let length = 0; length < frame + 10; length++)
      expect(readJpegHeader(bytes.subarray(0, length))).toBeUndefined();
  });

  it('leaves 12-bit files and those that tell their height later to sharp', () => {
    const bytes = Buffer.from(files.find(({ name }) => name === 'gray jpeg')!.bytes);
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    const changed = (place: number, value: number) => {
      const copy = Buffer.from(bytes);
      copy[frame + place] = value;
      return readJpegHeader(copy);
    };
    expect(changed(4, 8)).toEqual({ width: 37, height: 45, components: 1 });
    expect(changed(4, 12)).toBeUndefined();
    expect(changed(6, 0)).toBeUndefined();
    expect(changed(9, 2)).toBeUndefined();
  });
});
