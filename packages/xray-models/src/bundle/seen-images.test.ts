import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findSeenImages, type NamedPixels, recordSeenImages } from './seen-images.js';

const image = (id: string, level: number): NamedPixels => ({ id, pixels: new Uint8Array(64).fill(level) });
const made = () =>
  recordSeenImages({
    train: [image('a', 1), image('b', 2), image('copy of b', 2)],
    validation: [image('c', 3), image('copy of a', 1)],
  });

describe('the images that a model has seen', () => {
  it('are found by their pixels under any name, and by their name with other pixels', async () => {
    const images = [image('new', 9), image('renamed', 2), image('c', 3), image('a', 8), image('x', 1)];
    expect(await findSeenImages(await made(), images)).toEqual({
      train: ['renamed', 'x'],
      validation: ['c'],
      named: ['a'],
    });
  });

  it('are sorted hashes of 6 bytes, each once', async () => {
    const hash = (data: Uint8Array | string) => createHash('sha256').update(data).digest().subarray(0, 6);
    const sorted = (...parts: Buffer[]) => Buffer.concat(parts.sort(Buffer.compare)).toString('base64');
    const { train } = await made();
    expect(train).toEqual({
      pixels: sorted(hash(image('', 1).pixels), hash(image('', 2).pixels)),
      ids: sorted(hash('a'), hash('b'), hash('copy of b')),
    });
  });

  it('are none at first, and damage is found', async () => {
    const empty = await recordSeenImages({ train: [], validation: [] });
    expect(await findSeenImages(empty, [image('a', 1)])).toEqual({ train: [], validation: [], named: [] });
    for (const pixels of ['AAAA', '!'])
      await expect(findSeenImages({ ...empty, train: { pixels, ids: '' } }, [])).rejects.toThrow(
        '`seen` must be base64 of hashes of 6 bytes',
      );
  });
});
