/**
 * Opens a pixel cache over many samples of a few files, reads all of it, and prints what came out as JSON.
 *
 *   node --expose-gc --import tsx --conditions=@xray/source use-pixel-cache.ts <images> <cache> <samples> <side>
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from 'xray-core';
import { cachedPixelStore } from 'xray-dataset/node';

/** What the program prints. */
export interface PixelCacheUse {
  readonly contentHash: string;
  readonly madeBecause: string | null;
  readonly count: number;
  /** Most bytes that could not be freed, on the heap and in array buffers, while making and reading; those held before left out. */
  readonly mostHeld: number;
}

async function main(images: string, cache: string, count: number, side: number): Promise<PixelCacheUse> {
  const files = readdirSync(images).sort();
  const samples = Array.from({ length: count }, (_, index): Sample => {
    const source = join(images, files[index % files.length]!);
    return { id: `${index}`, source, finding: 'normal', patientId: `${index}` };
  });
  const every = Math.ceil(count / 20);
  const before = held();
  let mostHeld = 0;
  const look = (index: number) => {
    if (index % every === 0) mostHeld = Math.max(mostHeld, held() - before);
  };
  const store = await cachedPixelStore(samples, {
    folder: cache,
    rule: { height: side, width: side },
    onProgress: (event) => look(event.type === 'decode' ? event.done : 1),
  });
  for (let index = 0; index < count; index++) {
    store.pixelsAt(index);
    look(index);
  }
  const contentHash = await store.contentHash();
  look(0);
  store.close();
  const { madeBecause = null } = store;
  return { contentHash, madeBecause, count: store.count, mostHeld };
}

function held(): number {
  globalThis.gc!();
  globalThis.gc!(); // the first one may leave array buffers to be swept
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const [images, cache, count, side] = process.argv.slice(2);
main(images!, cache!, Number(count), Number(side)).then((use) => console.log(JSON.stringify(use)));
