import { describe, expect, it } from 'vitest';
import { brier } from './brier.js';

describe('brier', () => {
  it('is the mean squared distance to the truth', () => {
    expect(brier([0, 1], [0, 1])).toBe(0);
    expect(brier([0, 1], [1, 0])).toBe(1);
    expect(brier([0, 1, 1], [0.5, 0.5, 0.5])).toBe(0.25);
    expect(brier([0, 1], [0.2, 0.7])).toBeCloseTo((0.04 + 0.09) / 2, 15);
  });

  it('is smallest at the true frequency', () => {
    const labels = [1, 1, 1, 0];
    const at = (probability: number): number =>
      brier(
        labels,
        labels.map(() => probability),
      );
    expect(at(0.75)).toBeLessThan(at(0.74));
    expect(at(0.75)).toBeLessThan(at(0.76));
  });

  it('refuses logits', () => {
    expect(() => brier([0, 1], [0.2, 2.5])).toThrow(
      '`probabilities[1]` must be a probability in [0, 1]. Received: 2.5. Apply softmax (or sigmoid) to logits first.',
    );
    expect(() => brier([0, 1], [0.2])).toThrow(/`probabilities` must be 2 values/);
  });
});
