import { describe, expect, it } from 'vitest';
import { logLoss } from './log-loss.js';

describe('logLoss', () => {
  it('is ln(classes) for uniform guessing', () => {
    expect(logLoss([0, 1, 2], new Array(9).fill(1 / 3), 3)).toBeCloseTo(Math.log(3), 14);
  });

  it('takes the logarithm of the true class', () => {
    expect(logLoss([0, 1], [0.9, 0.1, 0.2, 0.8], 2)).toBeCloseTo(-(Math.log(0.9) + Math.log(0.8)) / 2, 14);
  });

  it('clips a sure mistake at the precision of the array', () => {
    expect(logLoss([0], [0, 1], 2)).toBeCloseTo(52 * Math.LN2, 12);
    expect(logLoss([0], Float32Array.of(0, 1), 2)).toBeCloseTo(23 * Math.LN2, 12);
  });

  it('refuses the wrong number of probabilities', () => {
    expect(() => logLoss([0, 1], [0.5, 0.5], 2)).toThrow(
      '`probabilities` must be 4 values, 2 for each of the 2 labels. Received: 2.',
    );
    expect(() => logLoss([0], [0.5, 1.5], 2)).toThrow(/`probabilities\[1\]` must be a probability/);
  });
});
