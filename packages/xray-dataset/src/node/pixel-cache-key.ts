import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { type Sample, SIXTEEN_BIT_RULE } from 'xray-core';
import type { PixelStoreOptions } from '../pixels/decode-pixels.js';

/**
 * @internal SHA-256 of everything that the pixels of a store depend on: the order and the ids of the samples, the content
 * of their files, the options, and the versions of the libraries that decode.
 *
 * @param contents - Fingerprint of every sample's file.
 */
export function pixelCacheKey(
  samples: readonly Sample[],
  contents: ReadonlyMap<string, string>,
  { rule, channels = 'auto' }: Pick<PixelStoreOptions, 'rule' | 'channels'>,
): string {
  const { height, width, fit = 'fill', method = 'antialias' } = rule;
  const settings = { height, width, fit, method, channels, SIXTEEN_BIT_RULE, decoder: sharp.versions };
  const key = createHash('sha256').update(JSON.stringify(settings));
  for (const { id, source } of samples) key.update(`\n${JSON.stringify([id, contents.get(source)])}`);
  return key.digest('hex');
}
