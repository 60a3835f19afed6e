import { describe, expect, it } from 'vitest';
import { drawSyntheticXray } from '../synthetic/draw-synthetic-xray.js';
import { type GrayImage, measureEdges } from './edge-bars.js';
import { DEFAULT_AUDIT_LIMITS as LIMITS } from './inspect-image.js';

const HEIGHT = 200;
const WIDTH = 160;

/** A chest that fills the image, so that its own black edges do not count. */
function chest(seed: number): GrayImage {
  const { pixels } = drawSyntheticXray({ finding: 'bacterial', seed, height: 2 * HEIGHT, width: 2 * WIDTH });
  const cut = new Uint8Array(HEIGHT * WIDTH);
  for (let row = 0; row < HEIGHT; row++)
    cut.set(pixels.subarray((row + HEIGHT / 2) * 2 * WIDTH + WIDTH / 2).subarray(0, WIDTH), row * WIDTH);
  return { pixels: cut, height: HEIGHT, width: WIDTH };
}

interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

const BOXES = {
  top: { top: 0, left: 0, height: 24, width: WIDTH },
  bottom: { top: HEIGHT - 24, left: 0, height: 24, width: WIDTH },
  left: { top: 0, left: 0, height: HEIGHT, width: 64 },
  right: { top: 0, left: WIDTH - 64, height: HEIGHT, width: 64 },
} as const satisfies Record<string, Box>;

function fill({ pixels, width }: GrayImage, box: Box, level: number): void {
  for (let row = box.top; row < box.top + box.height; row++)
    pixels.fill(level, row * width + box.left, row * width + box.left + box.width);
}

/** Strokes of 2 pixels, 4 apart, 8 high, in the middle of a box. */
function write(image: GrayImage, box: Box, level: number, strokes: number): void {
  const top = box.top + (box.height >> 1) - 4;
  for (let stroke = 0; stroke < strokes; stroke++)
    fill(image, { top, left: box.left + 6 + 4 * stroke, height: 8, width: 2 }, level);
}

describe('measureEdges', () => {
  it('says nothing about images without bars', () => {
    for (let seed = 0; seed < 6; seed++) {
      const { flatBorder, textBar } = measureEdges(chest(seed));
      expect(flatBorder).toBeLessThan(LIMITS.flatBorder);
      expect(textBar).toBeLessThan(LIMITS.textBar);
    }
  });

  it.each(Object.entries(BOXES))('measures a flat bar and text on it at the %s', (edge, box) => {
    for (const [ground, ink] of [
      [0, 255],
      [255, 0],
      [90, 230],
    ] as const) {
      const image = chest(5);
      fill(image, box, ground);
      const share = edge === 'top' || edge === 'bottom' ? 24 / HEIGHT : 64 / WIDTH;
      expect(measureEdges(image).flatBorder).toBeCloseTo(share, 10);
      expect(measureEdges(image).textBar).toBeLessThan(LIMITS.textBar);
      write(image, box, ink, 13);
      expect(measureEdges(image).textBar).toBe(13);
      expect(measureEdges(image).flatBorder).toBeLessThan(share);
    }
  });

  it('counts the strokes of a single letter, which stay below the limit', () => {
    const image = chest(5);
    fill(image, BOXES.top, 0);
    write(image, BOXES.top, 255, 2); // an R has one or two
    expect(measureEdges(image).textBar).toBe(2);
  });

  it('gives the standard deviation of all gray levels', () => {
    const image = { pixels: Uint8Array.from([0, 100, 200, 100]), height: 2, width: 2 };
    expect(measureEdges(image).deviation).toBeCloseTo(Math.sqrt(5000), 10);
    const flat = { pixels: new Uint8Array(400).fill(77), height: 20, width: 20 };
    expect(measureEdges(flat)).toEqual({ deviation: 0, flatBorder: 1, textBar: 0 });
  });
});
