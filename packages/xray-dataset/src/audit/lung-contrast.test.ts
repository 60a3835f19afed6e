import { describe, expect, it } from 'vitest';
import { drawSyntheticXray } from '../synthetic/draw-synthetic-xray.js';
import { lungContrast } from './lung-contrast.js';
import { thumbnailOf } from './perceptual-hash.js';

describe('lungContrast', () => {
  it('is the gray level between two fields less theirs', () => {
    const thumbnail = new Uint8Array(32 * 32).fill(50);
    for (let row = 0; row < 32; row++) thumbnail.fill(170, row * 32 + 14, row * 32 + 19);
    expect(lungContrast(thumbnail)).toBe(120);
  });

  it('is above 0 for chests, below for inverted ones', () => {
    for (const finding of ['normal', 'bacterial', 'viral'] as const) {
      for (let seed = 0; seed < 20; seed++) {
        const image = drawSyntheticXray({ finding, seed, height: 64, width: 64 });
        const contrast = lungContrast(thumbnailOf(image));
        expect(contrast).toBeGreaterThan(0);
        const inverted = { ...image, pixels: Uint8Array.from(image.pixels, (level) => 255 - level) };
        expect(lungContrast(thumbnailOf(inverted))).toBeCloseTo(-contrast, -1);
      }
    }
  });
});
