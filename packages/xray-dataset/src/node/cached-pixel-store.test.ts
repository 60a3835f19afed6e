import { writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AbortedError, createRandom, type ProgressEvent, type Sample } from 'xray-core';
import { RecordFileError } from 'xray-core/node';
import { BadImageError } from '../errors.js';
import { createPixelStore } from '../pixels/create-pixel-store.js';
import { cachedPixelStore } from './cached-pixel-store.js';
import { fileDecoder } from './decode-image-file.js';

const rule = { height: 9, width: 7 };
let folder: string;
let cache: string;
let samples: Sample[];

/** Uncompressed, so that files of other pixels have the same size. */
async function draw(file: string, seed: number): Promise<void> {
  const random = createRandom(seed);
  const pixels = Uint8Array.from({ length: 20 * 16 }, () => random.integer(0, 256));
  await sharp(pixels, { raw: { width: 20, height: 16, channels: 1 } })
    .png({ compressionLevel: 0 })
    .toFile(file);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-cache-'));
  cache = join(folder, 'cache');
  samples = Array.from({ length: 6 }, (_, index) => ({
    id: `image-${index}`,
    source: join(folder, `${index}.png`),
    finding: 'normal',
    patientId: `${index}`,
  }));
  await Promise.all(samples.map(({ source }, index) => draw(source, index)));
});
afterEach(() => rm(folder, { recursive: true }));

const inMemory = (some: readonly Sample[] = samples) =>
  createPixelStore(some, { decode: fileDecoder({ rule }), rule });

/** Opens the cache, compares it with a store in memory, closes it; tells why it was made. */
async function check(options: Partial<Parameters<typeof cachedPixelStore>[1]> = {}) {
  const store = await cachedPixelStore(samples, { folder: cache, rule, ...options });
  const expected = await createPixelStore(samples, {
    decode: fileDecoder({ rule }),
    rule,
    ...options,
  });
  const { pixels, ...facts } = expected;
  expect(store).toMatchObject(JSON.parse(JSON.stringify(facts)));
  expect(await store.contentHash()).toBe(await expected.contentHash());
  for (const id of expected.ids) {
    expect(store.pixelsOf(id)).toEqual(Uint8Array.from(expected.pixelsOf(id)));
    expect(store.indexOf(id)).toBe(expected.indexOf(id));
  }
  expect(pixels).toHaveLength(store.count * 9 * 7 * store.channels);
  store.close();
  return store;
}

describe('cachedPixelStore', () => {
  it('is what a store in memory is, decoded once', async () => {
    const events: ProgressEvent[] = [];
    const onProgress = (event: ProgressEvent) => events.push(event);
    const first = await cachedPixelStore(samples, { folder: cache, rule, onProgress });
    expect(first.madeBecause).toBe('missing');
    expect(events.at(-1)).toEqual({ type: 'decode', done: 6, total: 6 });
    first.close();
    events.length = 0;
    const second = await cachedPixelStore(samples, { folder: cache, rule, onProgress });
    expect([second.madeBecause, second.file, events]).toEqual([undefined, first.file, []]);
    expect(await second.contentHash()).toBe(await (await inMemory()).contentHash());
    expect(() => second.pixelsAt(6)).toThrow(/`index` must be a whole number from 0 to 5/);
    second.close();
    expect((await check()).madeBecause).toBeUndefined();
  });

  it('is made again when the bytes of an image change, though size and date stay', async () => {
    await check();
    const { source } = samples[3]!;
    const before = await stat(source);
    await draw(source, 99);
    await utimes(source, before.atime, before.mtime);
    expect((await stat(source)).size).toBe(before.size);
    expect((await check()).madeBecause).toBe('missing'); // under its own name
  });

  it('is made again for another rule, other channels, samples or another order', async () => {
    const files = new Set([(await check()).file]);
    const others = [
      { channels: 3 as const },
      { rule: { height: 7, width: 9 } },
      { rule: { ...rule, fit: 'cover' as const } },
    ];
    for (const options of others) {
      const store = await cachedPixelStore(samples, { folder: cache, rule, ...options });
      files.add(store.file);
      store.close();
    }
    for (const some of [samples.slice(1), [...samples].reverse()]) {
      const store = await cachedPixelStore(some, { folder: cache, rule });
      expect(await store.contentHash()).toBe(await (await inMemory(some)).contentHash());
      files.add(store.file);
      store.close();
    }
    expect(files.size).toBe(6);
    expect((await readdir(cache)).length).toBe(6);
    const sameRule = { ...rule, fit: 'fill', method: 'antialias' } as const;
    expect((await check({ rule: sameRule })).madeBecause).toBeUndefined();
  });

  it('scales 16-bit images as a store in memory does, and keeps how and what to doubt', async () => {
    for (const [place, { source }] of samples.entries()) {
      const levels = new Uint16Array(30 * 20).fill([200, 1023, 4095][place % 3]!);
      const png = sharp(levels, { raw: { width: 30, height: 20, channels: 1 } })
        .toColourspace('grey16')
        .png();
      await writeFile(source, await png.toBuffer());
    }
    for (const madeBecause of ['missing', undefined]) {
      const store = await check({ concurrency: 1 });
      expect([store.madeBecause, store.bitsStored]).toEqual([madeBecause, 12]);
      expect(store.warnings).toEqual((await inMemory()).warnings);
      expect(store.warnings).toHaveLength(4);
    }
    expect((await check({ bitsStored: 16 })).madeBecause).toBe('missing');
  });

  it('is made again when it is truncated or a pixel is corrupt', async () => {
    const { file } = await check();
    await truncate(file, 200);
    expect((await check()).madeBecause).toBe('damaged');
    const content = await readFile(file);
    content[100]! ^= 1;
    await writeFile(file, content);
    expect((await check()).madeBecause).toBe('damaged');
    expect((await check()).madeBecause).toBeUndefined();
  });

  it('never gives pixels that changed while it was open', async () => {
    const store = await cachedPixelStore(samples, { folder: cache, rule });
    const content = await readFile(store.file);
    content[100]! ^= 1;
    await writeFile(store.file, content);
    expect(() => samples.map(({ id }) => store.pixelsOf(id))).toThrow(RecordFileError);
    store.close();
  });

  it('keeps what was skipped, and fails on it when told to, without decoding again', async () => {
    await writeFile(samples[1]!.source, 'no image');
    await rm(samples[4]!.source);
    const skipping = { onBadImage: 'skip' } as const;
    const store = await check(skipping);
    expect(store.ids).toEqual(['image-0', 'image-2', 'image-3', 'image-5']);
    expect(store.skipped).toEqual([
      { id: 'image-1', source: samples[1]!.source, reason: expect.stringMatching(/is not an image/) },
      { id: 'image-4', source: samples[4]!.source, reason: 'does not exist' },
    ]);
    expect(() => store.pixelsOf('image-1')).toThrow(/must be one of the 4 images/);
    expect((await check(skipping)).madeBecause).toBeUndefined();
    const failing = cachedPixelStore(samples, { folder: cache, rule });
    await expect(failing).rejects.toThrow(/1\.png: is not an image/);
    await expect(failing).rejects.toThrow(BadImageError);
    await draw(samples[4]!.source, 4); // is there again
    expect((await check(skipping)).ids).toHaveLength(5);
  });

  it('keeps nothing of a run that fails or is aborted', async () => {
    await writeFile(samples[5]!.source, 'no image');
    await expect(cachedPixelStore(samples, { folder: cache, rule })).rejects.toThrow(BadImageError);
    const controller = new AbortController();
    const aborted = cachedPixelStore(samples.slice(0, 5), {
      folder: cache,
      rule,
      concurrency: 1,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(aborted).rejects.toThrow(AbortedError);
    expect(await readdir(cache)).toEqual([]);
  });

  it('keeps nothing of images that change while they are read', async () => {
    const other = await readFile(samples[0]!.source);
    const changing = cachedPixelStore(samples, {
      folder: cache,
      rule,
      concurrency: 1,
      channels: 1,
      onProgress: () => writeFileSync(samples[5]!.source, other),
    });
    await expect(changing).rejects.toThrow(/5\.png: changed while it was read\. Run again/);
    expect(await readdir(cache)).toEqual([]);
  });
});
