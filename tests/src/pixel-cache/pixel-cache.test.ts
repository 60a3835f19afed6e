import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import type { PixelCacheUse } from './use-pixel-cache.js';

let folder: string;
let images: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-caches-'));
  images = join(folder, 'images');
  await mkdir(images);
  const random = createRandom(7);
  for (let index = 0; index < 10; index++) {
    const pixels = Uint8Array.from({ length: 60 * 50 }, () => random.integer(0, 256));
    const image = sharp(pixels, { raw: { width: 60, height: 50, channels: 1 } });
    await image.png().toFile(join(images, `${index}.png`));
  }
});
afterAll(() => rm(folder, { recursive: true }));

const run = promisify(execFile);

/** In a process of its own. */
async function use(cache: string, count: number, side: number): Promise<PixelCacheUse> {
  const program = join(import.meta.dirname, 'use-pixel-cache.ts');
  const node = ['--expose-gc', '--import', import.meta.resolve('tsx'), '--conditions=@xray/source', program];
  const { stdout } = await run(process.execPath, [...node, images, cache, `${count}`, `${side}`]);
  return JSON.parse(stdout) as PixelCacheUse;
}

describe('a pixel cache', () => {
  it('is made by two processes at once without harm, and used by a third', async () => {
    const cache = join(folder, 'shared');
    const both = await Promise.all([use(cache, 200, 32), use(cache, 200, 32)]);
    expect(both.map(({ count }) => count)).toEqual([200, 200]);
    expect(both[0].contentHash).toBe(both[1].contentHash);
    expect(await readdir(cache)).toHaveLength(1);
    const third = await use(cache, 200, 32);
    expect(third).toMatchObject({ contentHash: both[0].contentHash, madeBecause: null });
  });

  it('holds no more in memory for many images than for few, neither when it is made nor when it is read', async () => {
    const cache = join(folder, 'large');
    const small = await use(cache, 100, 64);
    const large = await use(cache, 5000, 64);
    const pixels = 5000 * 64 * 64;
    const sizes = await Promise.all(
      (await readdir(cache)).map(async (name) => (await stat(join(cache, name))).size),
    );
    expect(Math.max(...sizes)).toBeGreaterThan(pixels);
    // Checksum, id and index are about 100 bytes per image; the rest is what a collector and a compiler may leave.
    expect(large.mostHeld - small.mostHeld).toBeLessThan(5000 * 100 + 1e6);
    expect(5000 * 100 + 1e6).toBeLessThan(0.1 * pixels);
    const again = await use(cache, 5000, 64);
    expect(again.madeBecause).toBeNull();
    expect(again.mostHeld - small.mostHeld).toBeLessThan(5000 * 100 + 1e6);
  });
});
