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
    const isPlain = format === 'jpeg' && (orientation ?? 1) === 1;
    const expected = { width, height, components: channels, bits: 8, isDct: true };
    expect(readJpegHeader(bytes)).toEqual(isPlain ? expected : undefined);
    expect(isPlain).toBe(name.includes('jpeg') && !/turned [2-8]/.test(name));
  });

  const gray = files.find(({ name }) => name === 'gray jpeg')!.bytes;
  const header = { width: 37, height: 45, components: 1, bits: 8, isDct: true };

  it.each(['II', 'MM'] as const)(
    'leaves files that Exif data turn to sharp (byte order %s)',
    async (order) => {
      for (let orientation = 1; orientation <= 8; orientation++) {
        const bytes = withExif(gray, exif(order, orientation));
        expect((await sharp(bytes).metadata()).orientation).toBe(orientation);
        expect(readJpegHeader(bytes)).toEqual(orientation === 1 ? header : undefined);
      }
      for (const unknown of [0, 9])
        expect(readJpegHeader(withExif(gray, exif(order, unknown)))).toBeUndefined();
      expect(readJpegHeader(withExif(gray, exif(order, 'none')))).toEqual(header);
      expect(readJpegHeader(withExif(withExif(gray, exif(order, 6)), exif(order, 1)))).toBeUndefined();
    },
  );

  it('leaves broken Exif data to sharp, wherever they are cut', () => {
    const whole = exif('MM', 1);
    const end = whole.length - 4; // the last bytes point to the next directory
    for (let length = 4; length < end; length++)
      expect(readJpegHeader(withExif(gray, whole.subarray(0, length)))).toBeUndefined();
    for (const [place, value] of [
      [4, 0x41],
      [6, 0x58],
      [10, 0xff],
      [14, 0xff],
    ] as const) {
      const broken = Buffer.from(whole);
      broken[place] = value;
      expect(readJpegHeader(withExif(gray, broken))).toBeUndefined();
    }
    expect(readJpegHeader(withExif(gray, Buffer.from('http://ns.adobe.com/xap/1.0/\0')))).toEqual(header);
  });

  it('leaves what is cut before the pixels to sharp', () => {
    const scan = gray.indexOf(Buffer.from([0xff, 0xda]));
    const pixels = scan + 2 + gray.readUInt16BE(scan + 2);
    for (let length = 0; length < pixels; length++)
      expect(readJpegHeader(gray.subarray(0, length))).toBeUndefined();
    expect(readJpegHeader(gray.subarray(0, pixels))).toEqual(header);
  });

  it('sees Exif data behind the frame, as sharp does', async () => {
    const frame = gray.indexOf(Buffer.from([0xff, 0xc0]));
    const end = frame + 2 + gray.readUInt16BE(frame + 2);
    for (const orientation of [1, 6]) {
      const segment = withExif(gray, exif('MM', orientation)).subarray(2, -(gray.length - 2));
      const bytes = Buffer.concat([gray.subarray(0, end), segment, gray.subarray(end)]);
      expect((await sharp(bytes).metadata()).orientation).toBe(orientation);
      expect(readJpegHeader(bytes)).toEqual(orientation === 1 ? header : undefined);
    }
  });

  it('skips bytes that fill the room between segments', async () => {
    const fill = Buffer.alloc(3, 0xff);
    const bytes = Buffer.concat([gray.subarray(0, 2), fill, gray.subarray(2)]);
    expect((await sharp(bytes).metadata()).width).toBe(header.width);
    expect(readJpegHeader(bytes)).toEqual(header);
  });

  it('leaves 12-bit files and those that tell their height later to sharp', () => {
    const bytes = Buffer.from(files.find(({ name }) => name === 'gray jpeg')!.bytes);
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    const changed = (place: number, value: number) => {
      const copy = Buffer.from(bytes);
      copy[frame + place] = value;
      return readJpegHeader(copy);
    };
    expect(changed(4, 8)).toEqual(header);
    expect(changed(4, 12)).toBeUndefined();
    expect(changed(6, 0)).toBeUndefined();
    expect(changed(9, 2)).toBeUndefined();
    expect(changed(1, 0xc3)).toBeUndefined(); // lossless
  });
});

/** A copy of a JPEG file with one more APP1 segment in front. */
function withExif(jpeg: Buffer, content: Buffer): Buffer {
  const marker = Buffer.from([0xff, 0xe1, 0, 0]);
  marker.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), marker, content, jpeg.subarray(2)]);
}

/** Exif data with two entries: a width of 37, and the orientation. */
function exif(order: 'II' | 'MM', orientation: number | 'none'): Buffer {
  const bytes = Buffer.alloc(6 + 8 + 2 + 2 * 12 + 4);
  bytes.write(`Exif\0\0${order}`, 'latin1');
  const short = (at: number, value: number) =>
    order === 'II' ? bytes.writeUInt16LE(value, 6 + at) : bytes.writeUInt16BE(value, 6 + at);
  const long = (at: number, value: number) =>
    order === 'II' ? bytes.writeUInt32LE(value, 6 + at) : bytes.writeUInt32BE(value, 6 + at);
  short(2, 42);
  long(4, 8);
  short(8, 2);
  const entries = [[0x0100, 37], orientation === 'none' ? [0x0128, 2] : [0x0112, orientation]] as const;
  entries.forEach(([tag, value], index) => {
    const at = 10 + index * 12;
    short(at, tag);
    short(at + 2, 3);
    long(at + 4, 1);
    short(at + 8, value);
  });
  return bytes;
}
