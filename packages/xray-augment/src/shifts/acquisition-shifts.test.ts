import { describe, expect, it } from 'vitest';
import type { PixelImage } from '../pixel-image.js';
import { acquisitionShifts, SHIFT_NAMES, type ShiftName } from './acquisition-shifts.js';

/** Smooth shapes on a smooth ground, in the middle of the gray values. */
function picture(size: number): PixelImage<Float32Array> {
  const pixels = Float32Array.from({ length: size * size }, (_, at) => {
    const [x, y] = [(at % size) / size, Math.floor(at / size) / size];
    const shape = (x - 0.35) ** 2 + (y - 0.55) ** 2 < 0.04 ? 0.2 : 0;
    return 0.35 + 0.15 * Math.sin(7 * x) * Math.cos(5 * y) + shape;
  });
  return { pixels, height: size, width: size, channels: 1 };
}

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: ArrayLike<number>) => {
  const middle = mean(values);
  return Math.sqrt(mean(Array.from(values, (value) => (value - middle) ** 2)));
};
const roughness = (values: ArrayLike<number>, size: number) =>
  mean(Array.from(values, (value, at) => ((at + 1) % size === 0 ? 0 : Math.abs(values[at + 1]! - value))));
const changed = (name: ShiftName, image: PixelImage) =>
  acquisitionShifts([name]).map(({ augmentation }) =>
    augmentation.apply(image, augmentation.draw('a', { seed: 1, epoch: 0 })),
  );

describe('acquisitionShifts', () => {
  it('has sixteen shifts in three strengths, each with its number', () => {
    const shifts = acquisitionShifts();
    expect(shifts).toHaveLength(48);
    expect(new Set(shifts.map(({ name }) => name))).toEqual(new Set(SHIFT_NAMES));
    expect(new Set(shifts.map(({ name, setting }) => `${name}: ${setting}`)).size).toBe(48);
    expect(acquisitionShifts(['blur', 'noise'], [3]).map(({ name, strength }) => [name, strength])).toEqual([
      ['blur', 3],
      ['noise', 3],
    ]);
  });

  it.each(SHIFT_NAMES)(
    '%s changes an image more with every strength, repeats itself and stays in [0, 1]',
    (name) => {
      const image = picture(64);
      const distances = changed(name, image).map((pixels) =>
        mean(pixels.map((value, at) => Math.abs(value - image.pixels[at]!))),
      );
      expect(distances[0]).toBeGreaterThan(5e-5);
      expect(distances[1]).toBeGreaterThan(distances[0]!);
      // A strong limit of CLAHE lets tiles be equalized in full, which is another change, not a larger one.
      if (name !== 'clahe') expect(distances[2]).toBeGreaterThan(distances[1]!);
      expect(distances[2]).not.toBe(distances[1]);
      for (const pixels of changed(name, image)) {
        expect(Math.min(...pixels)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...pixels)).toBeLessThanOrEqual(1);
      }
      expect(changed(name, image).map((pixels) => Array.from(pixels))).toEqual(
        changed(name, image).map((pixels) => Array.from(pixels)),
      );
    },
  );

  it('go where their names say', () => {
    const image = picture(64);
    const [darker, brighter] = [changed('gamma-darker', image)[2]!, changed('gamma-brighter', image)[2]!];
    expect(mean(darker)).toBeLessThan(mean(image.pixels));
    expect(mean(brighter)).toBeGreaterThan(mean(image.pixels));
    expect(mean(changed('underexposure', image)[0]!)).toBeCloseTo(mean(image.pixels) - 0.1, 2);
    expect(mean(changed('overexposure', image)[0]!)).toBeCloseTo(mean(image.pixels) + 0.1, 2);
    expect(deviation(changed('contrast-lower', image)[2]!)).toBeCloseTo(0.35 * deviation(image.pixels), 3);
    expect(deviation(changed('contrast-higher', image)[0]!)).toBeCloseTo(1.3 * deviation(image.pixels), 3);
    const rough = (name: ShiftName) => roughness(changed(name, image)[2]!, 64);
    for (const name of ['blur', 'resolution'] as const)
      expect(rough(name)).toBeLessThan(roughness(image.pixels, 64));
    for (const name of ['sharpening', 'noise'] as const) {
      expect(rough(name)).toBeGreaterThan(roughness(image.pixels, 64));
    }
  });

  it('blurs by the same share of a large image as of a small one', () => {
    const softened = [64, 128].map((size) => {
      const image = picture(size);
      return deviation(changed('blur', image)[2]!) / deviation(image.pixels);
    });
    expect(softened[0]).toBeCloseTo(softened[1]!, 2);
  });

  it('shows the middle of the image when cropped', () => {
    const image = { ...picture(60), pixels: new Float32Array(3600) };
    image.pixels[30 * 60 + 42] = 1;
    const [, , strong] = changed('crop', image);
    const brightest = strong!.indexOf(Math.max(...strong!) as never);
    expect(Math.abs((brightest % 60) - (29.5 + 12.5 * 1.35))).toBeLessThanOrEqual(1);
  });
});
