import { createPixelStore, type PixelStore } from 'xray-dataset';
import { cachedPixelStore } from 'xray-dataset/node';
import type { CompleteOptions } from '../experiment/experiment-options.js';
import type { ExperimentContext } from '../experiment/experiment-run.js';
import { DECODE_CONCURRENCY } from './decode-concurrency.js';
import type { Dataset } from './load-dataset.js';

/** Decodes the images of a dataset, or finds them in the cache of an earlier run. */
export async function openPixels(
  { signal, onProgress, say }: ExperimentContext,
  asked: CompleteOptions,
  dataset: Dataset,
): Promise<PixelStore> {
  const { size, channels } = asked.recipe.images;
  const options = {
    rule: { height: size, width: size },
    channels: channels === 1 ? 1 : 'auto',
    bitsStored: asked.bitsStored,
    onBadImage: asked.onBadImage,
    concurrency: DECODE_CONCURRENCY,
    signal,
    onProgress,
  } as const;
  if (asked.cache === undefined || !dataset.areFiles) {
    return createPixelStore(dataset.samples, { ...options, decode: dataset.decode });
  }
  const store = await cachedPixelStore(dataset.samples, {
    ...options,
    frame: asked.frame,
    maxPixels: asked.maxPixels,
    folder: asked.cache,
  });
  if (store.madeBecause === undefined) say(`Pixels of an earlier run: ${store.file}`);
  return store;
}
