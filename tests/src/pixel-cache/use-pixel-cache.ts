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
  /** Most bytes in array buffers that could not be freed, while making and reading. */
  readonly mostHeld: number;
  /** Most bytes of the whole process. */
  readonly mostResident: number;
}

async function main(images: string, cache: string, count: number, side: number): Promise<PixelCacheUse> {
  const files = readdirSync(images).sort();
  const samples = Array.from({ length: count }, (_, index): Sample => {
    const source = join(images, files[index % files.length]!);
    return { id: `${index}`, source, finding: 'normal', patientId: `${index}` };
  });
  const every = Math.ceil(count / 20);
  let mostHeld = 0;
  const look = (index: number) => {
    if (index % every !== 0) return;
    globalThis.gc!();
    mostHeld = Math.max(mostHeld, process.memoryUsage().arrayBuffers);
  };
  const store = await cachedPixelStore(samples, {
    folder: cache,
    rule: { height: side, width: side },
    onProgress: (event) => look(event.type === 'decode' ? event.done : 0),
  });
  for (let index = 0; index < count; index++) {
    store.pixelsAt(index);
    look(index);
  }
  const contentHash = await store.contentHash();
  store.close();
  const { madeBecause = null } = store;
  const mostResident = process.resourceUsage().maxRSS * 1024;
  return { contentHash, madeBecause, count: store.count, mostHeld, mostResident };
}

const [images, cache, count, side] = process.argv.slice(2);
main(images!, cache!, Number(count), Number(side)).then((use) => console.log(JSON.stringify(use)));
