import { createPixelStore, type PixelStore } from 'xray-dataset';
import { cachedPixelStore } from 'xray-dataset/node';
import { DECODE_CONCURRENCY, type TrainingFlags } from './flags.js';
import type { Dataset } from './load-dataset.js';
import type { ProgramContext } from './run-program.js';

/** Decodes the images of a dataset, or finds them in the cache of an earlier run. */
export async function openPixels(
  { signal, onProgress, say }: ProgramContext,
  flags: TrainingFlags,
  dataset: Dataset,
): Promise<PixelStore> {
  const options = {
    rule: { height: flags.imageSize, width: flags.imageSize },
    channels: flags.channels === 1 ? 1 : 'auto',
    bitsStored: flags.bitsStored,
    onBadImage: flags.onBadImage,
    concurrency: DECODE_CONCURRENCY,
    signal,
    onProgress,
  } as const;
  if (flags.cache === undefined || !dataset.areFiles) {
    return createPixelStore(dataset.samples, { ...options, decode: dataset.decode });
  }
  const store = await cachedPixelStore(dataset.samples, {
    ...options,
    frame: flags.frame,
    maxPixels: flags.maxPixels,
    folder: flags.cache,
  });
  if (store.madeBecause === undefined) say(`Pixels of an earlier run: ${store.file}`);
  return store;
}
