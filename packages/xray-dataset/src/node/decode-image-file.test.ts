import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertChannels, FileError, prepareImage, type ResizeRule } from 'xray-core';
import reference from '../__fixtures__/decode-reference.json' with { type: 'json' };
import { realData } from '../__fixtures__/real-data.js';
import { decodeImageFile, fileDecoder } from './decode-image-file.js';

const { folder: ORIGINALS, isMissing } = realData('originals/train');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-decode-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, typeof content === 'string' ? Buffer.from(content, 'base64') : content);
  return file;
}

function fixture(name: string): string {
  return reference.decode.find((entry) => entry.name === name)!.file;
}

function largestDifference(left: ArrayLike<number>, right: ArrayLike<number>): number {
  expect(left.length).toBe(right.length);
  let largest = 0;
  for (let at = 0; at < left.length; at++) largest = Math.max(largest, Math.abs(left[at]! - right[at]!));
  return largest;
}

describe('decodeImageFile', () => {
  it.each(reference.decode)('reads a $name as Pillow does', async (entry) => {
    const image = await decodeImageFile(await write('image', entry.file));
    expect({ height: image.height, width: image.width, channels: image.channels }).toEqual({
      height: entry.height,
      width: entry.width,
      channels: entry.channels,
    });
    const bytes = new Uint8Array(Buffer.from(entry.pixels, 'base64'));
    const expected = entry.bits === 16 ? new Uint16Array(bytes.buffer) : bytes;
    expect(image.pixels.constructor).toBe(expected.constructor);
    expect(largestDifference(image.pixels, expected)).toBeLessThanOrEqual(entry.tolerance);
  });

  it('ignores the colour profile that the fixture has', async () => {
    const file = Buffer.from(fixture('jpeg with a colour profile'), 'base64');
    expect((await sharp(file).metadata()).hasProfile).toBe(true);
    const converted = await sharp(file).raw().toBuffer(); // what the profile makes of it
    const image = await decodeImageFile(await write('profile.jpg', file));
    expect(largestDifference(image.pixels, converted)).toBeGreaterThan(50);
  });

  it.each(['png', 'tiff'] as const)('says how many bits a 16-bit %s uses', async (format) => {
    const levels = Uint16Array.from({ length: 64 }, (_, at) => at * 65); // up to 4095
    const deep = sharp(levels, { raw: { width: 8, height: 8, channels: 1 } }).toColourspace('grey16');
    const file = format === 'png' ? deep.png() : deep.tiff({ compression: 'lzw' });
    const image = await decodeImageFile(await write(`deep.${format}`, await file.toBuffer()));
    expect([...image.pixels]).toEqual([...levels]);
    expect(image.bitsUsed).toBe(12);
  });

  it('calls images too large that are, and says how to read them', async () => {
    // Only the head of a file of 20,000 x 20,000 pixels, which is all that is looked at.
    const file = Buffer.from(fixture('gray png'), 'base64');
    file.writeUInt32BE(20_000, 16);
    file.writeUInt32BE(20_000, 20);
    file.writeUInt32BE(crc32(file.subarray(12, 29)), 29);
    await expect(decodeImageFile(await write('huge.png', file))).rejects.toThrow(
      /huge\.png: is too large: 20000x20000 are 400000000 pixels, allowed are 268402689\. Raise `maxPixels`/,
    );
    const jpeg = await write('small.jpg', fixture('gray jpeg'));
    await expect(decodeImageFile(jpeg, { maxPixels: 10 })).rejects.toThrow(/too large/);
    await expect(decodeImageFile(jpeg, { maxPixels: 1e6 })).resolves.toBeDefined();
  });

  it('reads JPEG files whatever they are called', async () => {
    const image = await decodeImageFile(await write('scan.jfif', fixture('gray jpeg')));
    expect(image.channels).toBe(1);
  });

  it.each(reference.shrink)(
    'shrinks a jpeg of $stored to $rule while loading, as Pillow does by draft',
    async ({ file, stored, rule, channels, pixels }) => {
      const [height, width] = stored as [number, number]; // after draft
      for (const name of [
        'large.jpeg',
        'with [brackets].jpg',
        'Röntgen 100%s.jpg',
        'no extension',
        'not a.png',
      ]) {
        const image = await decodeImageFile(await write(name, file), { rule });
        expect(Math.abs(image.height - height)).toBeLessThanOrEqual(1); // Pillow rounds up, libvips down
        expect(Math.abs(image.width - width)).toBeLessThanOrEqual(1);
        expect(image.height).toBeGreaterThanOrEqual(2 * rule.height);
        expect(image.width).toBeGreaterThanOrEqual(2 * rule.width);
        const small = prepareImage(image, { resize: rule, channels: channels as 1 | 3 });
        const expected = Buffer.from(pixels, 'base64');
        const isWhole = image.height === height && image.width === width;
        expect(largestDifference(small.pixels, expected)).toBeLessThanOrEqual(isWhole ? 1 : 12);
        const inside = (_: number, at: number) => {
          const column = Math.floor(at / channels) % rule.width;
          return column < rule.width - 1 && at < (rule.height - 1) * rule.width * channels;
        };
        const difference = largestDifference(small.pixels.filter(inside), expected.filter(inside));
        expect(difference).toBeLessThanOrEqual(1);
      }
    },
  );

  it('decodes lossless files, which libjpeg cannot shrink, at full size', async () => {
    // `ljpeg_encode` of imagecodecs 2026.3.6 of 8 rows and 12 columns, 20 * row + 9 * column.
    const file = await write(
      'lossless.jpeg',
      '/9j/xAAWAAEBAQAAAAAAAAAAAAAAAAAEBQj/wwALCAAIAAwBABEA/9oACAEAAAYAAM/pSlKUpSlKailKUpSlKUqopSlKUpSlKqKUpSlKUpSq' +
        'ilKUpSlKUqopSlKUpSlKqKUpSlKUpSqilKUpSlKUoP/Z',
    );
    const image = await decodeImageFile(file, { rule: { height: 2, width: 2 } });
    expect([image.height, image.width]).toEqual([8, 12]);
    expect(Array.from(image.pixels)).toEqual(
      Array.from({ length: 96 }, (_, at) => 20 * Math.floor(at / 12) + 9 * (at % 12)),
    );
  });

  it('decodes turned files at full size', async () => {
    const rule = { height: 2, width: 3 };
    expect(
      (await decodeImageFile(await write('turned.jpg', fixture('jpeg turned 6')), { rule })).height,
    ).toBe(15);
    expect(
      (await decodeImageFile(await write('upright.jpg', fixture('jpeg turned 1')), { rule })).height,
    ).toBe(5);
  });

  it.each(reference.resize)(
    "followed by prepareImage gives Pillow's $rule.fit, $rule.method of the $image with $channels channel(s)",
    async ({ image, channels, rule, pixels }) => {
      const decoded = await decodeImageFile(await write('image.png', fixture(image)));
      const small = prepareImage(decoded, { resize: rule as ResizeRule, channels: channels as 1 | 3 });
      expect(largestDifference(small.pixels, Buffer.from(pixels, 'base64'))).toBeLessThanOrEqual(1);
    },
  );

  it('makes the gray of Pillow', async () => {
    const decoded = await decodeImageFile(await write('image.png', fixture(reference.gray.image)));
    expect(
      largestDifference(convertChannels(decoded, 1).pixels, Buffer.from(reference.gray.pixels, 'base64')),
    ).toBe(0);
  });

  it.each([
    ['gray jpeg', 0.6],
    ['gray jpeg', 0.01],
    ['colour jpeg', 0.8],
    ['progressive gray jpeg', 0.6],
    ['cmyk jpeg', 0.6],
    ['gray png', 0.5],
    ['16-bit png', 0.5],
    ['gray tiff', 0.5],
    ['tiled tiff', 0.5],
    ['lossless webp', 0.5],
    ['lossy webp', 0.5],
  ])('does not turn a truncated %s into half a picture', async (name, share) => {
    const whole = Buffer.from(fixture(name), 'base64');
    const file = await write('truncated', whole.subarray(0, Math.floor(whole.length * share)));
    await expect(decodeImageFile(file)).rejects.toThrow(FileError);
    await expect(decodeImageFile(file)).rejects.toThrow(/truncated: is (truncated or corrupt|not an image)/);
  });

  describe('of more than 64 KiB', () => {
    const [height, width] = [301, 402];
    const noise = Uint8Array.from({ length: height * width }, (_, at) => (at * 2654435761) >>> 13);
    const jpeg = () =>
      sharp(noise, { raw: { width, height, channels: 1 } })
        .toColourspace('b-w')
        .jpeg({ quality: 100 });

    it('is read by name or whole, as its header allows, to the same pixels', async () => {
      const plain = await jpeg().toBuffer();
      expect(plain.length).toBeGreaterThan(1 << 16);
      const expected = await sharp(plain).toColourspace('b-w').raw().toBuffer();
      // 2 comments of 64 KB put the frame out of reach.
      const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0xff, 0xff]), Buffer.alloc(0xfffd)]);
      const late = Buffer.concat([plain.subarray(0, 2), comment, comment, plain.subarray(2)]);
      const files = [
        ['plain [a].jpeg', plain],
        ['late.jpeg', late],
        [`it's "one", [a.jpeg`, plain],
      ] as const;
      for (const [name, bytes] of files) {
        const image = await decodeImageFile(await write(name, bytes));
        expect([image.height, image.width, image.channels]).toEqual([height, width, 1]);
        expect(largestDifference(image.pixels, expected)).toBe(0);
        const shrunk = await decodeImageFile(join(folder, name), { rule: { height: 70, width: 70 } });
        expect([shrunk.height, shrunk.width]).toEqual([150, 201]);
      }
    });

    it('is truncated where its end is missing', async () => {
      const whole = await jpeg().toBuffer();
      const file = await write('large.jpeg', whole.subarray(0, whole.length - 5000));
      await expect(decodeImageFile(file)).rejects.toThrow(/large\.jpeg: is truncated or corrupt/);
      const rule = { height: 70, width: 70 };
      await expect(decodeImageFile(file, { rule })).rejects.toThrow(/large\.jpeg: is truncated or corrupt/);
    });

    it('is read at full size if its name ends like options of libvips', async () => {
      const plain = await jpeg().toBuffer();
      const file = await write('scan [page=1]', plain);
      const image = await decodeImageFile(file, { rule: { height: 70, width: 70 } });
      expect([image.height, image.width]).toEqual([height, width]);
    });

    it('is turned by its Exif data', async () => {
      const file = await write('turned.jpeg', await jpeg().withMetadata({ orientation: 6 }).toBuffer());
      const image = await decodeImageFile(file, { rule: { height: 70, width: 70 } });
      expect([image.height, image.width]).toEqual([width, height]);
    });
  });

  it('does not care for the extension', async () => {
    const image = await decodeImageFile(await write('png.jpeg', fixture('gray png')));
    expect(image).toEqual(await decodeImageFile(await write('gray.png', fixture('gray png'))));
  });

  it('says what is wrong with files that are no images', async () => {
    const text = await write('text.jpeg', new TextEncoder().encode('<html>not found</html>'));
    await expect(decodeImageFile(text)).rejects.toThrow(/text\.jpeg: is not an image of a known format/);
    await expect(decodeImageFile(await write('empty.jpeg', ''))).rejects.toThrow(/empty\.jpeg: is empty/);
    await expect(decodeImageFile(join(folder, 'none.png'))).rejects.toThrow(/none\.png: does not exist/);
    await expect(decodeImageFile(folder)).rejects.toThrow(/is a folder, expected an image/);
  });
});

describe.skipIf(isMissing)('decodeImageFile on real originals', () => {
  const files = isMissing
    ? []
    : readdirSync(ORIGINALS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jpeg'));

  it('reads all of them in the size and with the components their index says', async () => {
    const rows = (await readFile(join(ORIGINALS, '../index.csv'), 'utf8')).trim().split('\n').slice(1);
    expect(rows).toHaveLength(25);
    for (const row of rows) {
      const [name, , , width, height, components] = row.split(',');
      const file = files.find((path) => path.endsWith(`/${name}`))!;
      const image = await decodeImageFile(join(ORIGINALS, file));
      expect([name, image.width, image.height, image.channels]).toEqual([
        name,
        Number(width),
        Number(height),
        Number(components),
      ]);
    }
  });

  it('shrinks while loading to no less than twice the target, and changes little by that', async () => {
    const rule = { height: 96, width: 96 };
    const file = files.find((name) => name.includes('IM-0521'))!; // 2890 x 2534
    const whole = await decodeImageFile(join(ORIGINALS, file));
    const shrunk = await decodeImageFile(join(ORIGINALS, file), { rule });
    expect([shrunk.width, shrunk.height]).toEqual([361, 316]); // 1/8
    expect(shrunk.extent).toEqual({ width: 2890 / 8, height: 2534 / 8 });
    const expected = prepareImage(whole, { channels: 1, resize: rule }).pixels;
    const received = prepareImage(shrunk, { channels: 1, resize: rule }).pixels;
    const sum = received.reduce((total, value, at) => total + Math.abs(value - expected[at]!), 0);
    expect(sum / received.length).toBeLessThan(0.5);
  });

  it('decodes at full size for nearest, which picks single pixels', async () => {
    const sample = { id: 'a', source: join(ORIGINALS, files[0]!), finding: 'normal', patientId: 'a' };
    const rule = { height: 96, width: 96, method: 'nearest' } as const;
    const whole = await decodeImageFile(sample.source);
    expect((await fileDecoder({ rule })(sample)).width).toBe(whole.width);
    expect((await fileDecoder({ rule: { height: 96, width: 96 } })(sample)).width).toBeLessThan(whole.width);
  });

  it('notices when the end of a real file is missing', async () => {
    const whole = await readFile(join(ORIGINALS, files[0]!));
    const file = await write('real.jpeg', whole.subarray(0, whole.length - 2000));
    await expect(decodeImageFile(file)).rejects.toThrow(/truncated or corrupt/);
    await expect(decodeImageFile(file, { rule: { height: 96, width: 96 } })).rejects.toThrow(FileError);
  });
});
