import { describe, expect, it } from 'vitest';
import { elasticDeformation } from './elastic-deformation.js';

const SIZE = 120;
const [ALPHA, SIGMA] = [40, 3];
const augmentation = elasticDeformation({ alpha: [ALPHA, ALPHA], sigma: SIGMA, fill: 'edge' });
const parameters = augmentation.draw('a', { seed: 4, epoch: 0 });

/** By how many pixels the middle of an image was moved along an axis: how much a ramp along it changed. */
function displacements(axis: 'x' | 'y'): number[] {
  const ramp = Float32Array.from(
    { length: SIZE * SIZE },
    (_, at) => (axis === 'x' ? at % SIZE : Math.floor(at / SIZE)) / SIZE,
  );
  const warped = augmentation.apply({ pixels: ramp, height: SIZE, width: SIZE, channels: 1 }, parameters);
  const isInside = (place: number) => place >= 20 && place < SIZE - 20;
  return Array.from(warped, (value, at) => (value - ramp[at]!) * SIZE).filter(
    (_, at) => isInside(at % SIZE) && isInside(Math.floor(at / SIZE)),
  );
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const [right, down] = [displacements('x'), displacements('y')];

describe('elasticDeformation', () => {
  it('moves pixels by as much as a smoothed uniform field does', () => {
    // Var of uniform noise in [-alpha, alpha] times the sum of the squared weights of a Gaussian, 1 / (4 pi sigma^2).
    const expected = ALPHA / Math.sqrt(3) / Math.sqrt(4 * Math.PI) / SIGMA;
    expect(expected).toBeCloseTo((0.16 * ALPHA) / SIGMA, 0); // as the docstring says
    for (const field of [right, down]) {
      const deviation = Math.sqrt(mean(field.map((value) => value ** 2)));
      expect(Math.abs(deviation / expected - 1)).toBeLessThan(0.15);
    }
  });

  it('moves neighbours together, and both axes independently', () => {
    const correlation = (left: readonly number[], other: readonly number[]) =>
      mean(left.map((value, at) => value * other[at]!)) /
      Math.sqrt(mean(left.map((value) => value ** 2)) * mean(other.map((value) => value ** 2)));
    // Of a field smoothed with sigma, one pixel apart: exp(-1 / (4 sigma^2)).
    expect(correlation(right.slice(1), right.slice(0, -1))).toBeGreaterThan(0.9);
    expect(Math.abs(correlation(right, down))).toBeLessThan(0.2);
  });
});
