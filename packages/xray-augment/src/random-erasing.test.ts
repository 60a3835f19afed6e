import { describe, expect, it } from 'vitest';
import { randomErasing } from './random-erasing.js';

const [HEIGHT, WIDTH] = [60, 90];
const white = { pixels: new Float32Array(HEIGHT * WIDTH).fill(1), height: HEIGHT, width: WIDTH, channels: 1 };

/** Where pixels are not white any more: the box around them, and how many there are. */
function erasedPart(pixels: ArrayLike<number>) {
  const places = Array.from(pixels, (value, at) => (value === 1 ? -1 : at)).filter((at) => at >= 0);
  const rows = places.map((at) => Math.floor(at / WIDTH));
  const columns = places.map((at) => at % WIDTH);
  const length = (of: number[]) => Math.max(...of) - Math.min(...of) + 1;
  return { count: places.length, height: length(rows), width: length(columns) };
}

describe('randomErasing', () => {
  it('erases one rectangle, of an area and shape in the asked ranges', () => {
    const augmentation = randomErasing({ area: [0.05, 0.3], aspect: [0.5, 2], fill: 0, probability: 1 });
    const shares = Array.from({ length: 400 }, (_, id) => {
      const { count, height, width } = erasedPart(
        augmentation.apply(white, augmentation.draw(String(id), { seed: 1, epoch: 0 })),
      );
      expect(count).toBe(height * width); // nothing outside, and no hole
      const [down, across] = [height / HEIGHT, width / WIDTH];
      const rounding = 1 / height + 1 / width;
      expect(down / across).toBeGreaterThan(0.5 * (1 - rounding));
      expect(down / across).toBeLessThan(2 * (1 + rounding));
      expect(down * across).toBeGreaterThan(0.05 * (1 - rounding));
      expect(down * across).toBeLessThan(0.3 * (1 + rounding));
      return down * across;
    });
    // The mean of a uniform draw, within four standard errors.
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(Math.abs(mean - 0.175)).toBeLessThan((4 * 0.25) / Math.sqrt(12 * shares.length));
  });

  it('keeps the area of a rectangle that does not fit', () => {
    const augmentation = randomErasing({ area: [0.5, 0.5], aspect: [20, 20], fill: 0, probability: 1 });
    const part = erasedPart(augmentation.apply(white, augmentation.draw('a', { seed: 1, epoch: 0 })));
    expect(part).toMatchObject({ height: HEIGHT, width: WIDTH / 2 });
  });

  it('reaches every row and column, those at the borders, too', () => {
    const augmentation = randomErasing({ area: [0.2, 0.4], fill: 0, probability: 1 });
    const [rows, columns] = [new Set<number>(), new Set<number>()];
    for (let epoch = 0; epoch < 500; epoch++) {
      augmentation.apply(white, augmentation.draw('a', { seed: 1, epoch })).forEach((value, at) => {
        if (value === 1) return;
        rows.add(Math.floor(at / WIDTH));
        columns.add(at % WIDTH);
      });
    }
    expect([rows.size, columns.size]).toEqual([HEIGHT, WIDTH]);
  });

  it('fills with one level, or with uniform noise', () => {
    const parameters = { top: 0, left: 0, height: 1, width: 1, noiseSeed: 3 };
    const bytes = { ...white, pixels: new Uint8Array(HEIGHT * WIDTH) };
    expect(new Set(randomErasing({ fill: 0.4 }).apply(bytes, parameters))).toEqual(new Set([102]));
    const noise = Array.from(randomErasing().apply(white, parameters));
    for (const share of [0.1, 0.5, 0.9]) {
      const below = noise.filter((value) => value < share).length / noise.length;
      expect(Math.abs(below - share)).toBeLessThan(4.5 * Math.sqrt((share * (1 - share)) / noise.length));
    }
    expect(new Set(randomErasing().apply(bytes, parameters)).size).toBe(256);
  });

  it('erases nothing where the area is 0', () => {
    const augmentation = randomErasing({ area: [0, 0], fill: 0, probability: 1 });
    const erased = augmentation.apply(white, augmentation.draw('a', { seed: 1, epoch: 0 }));
    expect(Array.from(erased)).toEqual(Array.from(white.pixels));
  });
});
