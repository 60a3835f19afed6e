import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileError } from '../errors.js';
import { readStore, writeStore } from './checksummed-store.js';

const kind = { kind: 'xray-test', version: 3 };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-store-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function written(): Promise<{ file: string; content: Buffer }> {
  const file = join(folder, 'some.store');
  await writeStore(file, kind, {
    facts: { epoch: 4, name: 'é' },
    blocks: { odd: new Uint8Array([1, 2, 3]), floats: new Uint8Array(new Float32Array([1.5, -2]).buffer) },
  });
  return { file, content: await readFile(file) };
}

describe('checksummed store', () => {
  it('gives back what was written, aligned for typed arrays', async () => {
    const { file } = await written();
    const { facts, blocks } = await readStore(file, kind);

    expect(facts).toEqual({ epoch: 4, name: 'é' });
    expect([...blocks.odd!]).toEqual([1, 2, 3]);
    expect([...new Float32Array(blocks.floats!.buffer, blocks.floats!.byteOffset, 2)]).toEqual([1.5, -2]);
  });

  it('detects a truncation at every length and a flip of every byte', async () => {
    const { file, content } = await written();
    for (let length = 0; length < content.length; length++) {
      await writeFile(file, content.subarray(0, length));
      await expect(readStore(file, kind), `${length} bytes`).rejects.toThrow(FileError);
    }
    for (let at = 0; at < content.length; at++) {
      const flipped = Buffer.from(content);
      flipped[at]! ^= 4;
      await writeFile(file, flipped);
      await expect(readStore(file, kind), `byte ${at}`).rejects.toThrow(FileError);
    }
  });

  it('names the problem', async () => {
    const { file, content } = await written();
    await expect(readStore(file, { kind: 'xray-other', version: 3 })).rejects.toThrow(
      'holds xray-test version 3, expected xray-other version 3',
    );
    await expect(readStore(join(folder, 'none'), kind)).rejects.toThrow(/none: does not exist/);
    await writeFile(file, content.subarray(0, content.length - 1));
    await expect(readStore(file, kind)).rejects.toThrow(
      'some.store: is truncated or has extra bytes (10 bytes of data, expected 11)',
    );
    await writeFile(file, 'hello');
    await expect(readStore(file, kind)).rejects.toThrow('is not a xray-test file');
  });
});
