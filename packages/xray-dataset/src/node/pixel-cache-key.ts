import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Sample } from 'xray-core';
import { DEFAULT_MAX_PIXELS } from '../pixels/image-size.js';
import type { CachedPixelStoreOptions } from './cached-pixel-store.js';

/**
 * @internal SHA-256 of everything that the pixels of a store depend on: the order and the ids of the samples, the content
 * of their files, the options, and the versions of the libraries that decode.
 *
 * @param contents - Fingerprint of every sample's file.
 */
export function pixelCacheKey(
  samples: readonly Sample[],
  contents: ReadonlyMap<string, string>,
  options: Pick<CachedPixelStoreOptions, 'rule' | 'channels' | 'bitsStored' | 'frame' | 'maxPixels'>,
): string {
  const { height, width, fit = 'fill', method = 'antialias' } = options.rule;
  const { channels = 'auto', bitsStored = 'auto', frame = null, maxPixels = DEFAULT_MAX_PIXELS } = options;
  const reading = { channels, bitsStored, frame, maxPixels, decoder: sharp.versions };
  const settings = { height, width, fit, method, ...reading };
  const key = createHash('sha256').update(JSON.stringify(settings));
  for (const { id, source } of samples) key.update(`\n${JSON.stringify([id, contents.get(source)])}`);
  return key.digest('hex');
}
