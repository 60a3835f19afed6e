import { describe, expect, it } from 'vitest';
import type { DecodedImage } from 'xray-core';
import reference from '../__fixtures__/perceptual-hash-reference.json' with { type: 'json' };
import { drawSyntheticXray } from '../synthetic/draw-synthetic-xray.js';
import { countBits, hammingDistance, perceptualHash } from './perceptual-hash.js';

const images = reference.images.map(({ pixels, height, width, channels, hash, lanczos }) => ({
  image: {
    pixels: new Uint8Array(Buffer.from(pixels, 'base64')),
    ...{ height, width, channels: channels as 1 | 3 },
  } satisfies DecodedImage,
  ...{ hash, lanczos },
}));

describe('perceptualHash', () => {
  it('equals imagehash.phash, bit by bit', () => {
    for (const { image, hash } of images) expect(perceptualHash(image)).toBe(hash);
    expect(new Set(images.map(({ hash }) => hash)).size).toBe(images.length);
  });

  it('stays near imagehash.phash where that resizes with another filter', () => {
    for (const { image, lanczos } of images)
      expect(hammingDistance(perceptualHash(image), lanczos)).toBeLessThanOrEqual(4);
  });

  it('does not depend on depth, and barely on brightness and contrast', () => {
    const image = drawSyntheticXray({ finding: 'normal', seed: 3, height: 64, width: 64 });
    const hash = perceptualHash(image);
    const deep = Uint16Array.from(image.pixels, (level) => level * 257);
    expect(perceptualHash({ ...image, pixels: deep })).toBe(hash);
    const dim = Uint8Array.from(image.pixels, (level) => 40 + level * 0.6);
    expect(hammingDistance(perceptualHash({ ...image, pixels: dim }), hash)).toBeLessThanOrEqual(4);
  });
});

describe('hammingDistance', () => {
  it('counts bits', () => {
    expect(hammingDistance('0000000000000000', 'ffffffffffffffff')).toBe(64);
    expect(hammingDistance('8000000000000001', '0000000000000000')).toBe(2);
    for (const word of [0, 1, 0x80000000, 0xffffffff, 0x12345678, 0xdeadbeef])
      expect(countBits(word)).toBe([...word.toString(2)].filter((bit) => bit === '1').length);
  });
});
