import { describe, expect, it } from 'vitest';
import { decideClass, pneumoniaScore } from './decision.js';

describe('decideClass', () => {
  it.each([
    ['pneumonia from the threshold on, although normal is more probable', [0.625, 0.375], 0.375, 1],
    ['normal below the threshold, although pneumonia is more probable', [0.375, 0.625], 0.75, 0],
    ['the most probable kind of pneumonia', [0.5, 0.125, 0.375], 0.5, 2],
    ['the first of equal kinds', [0.5, 0.25, 0.25], 0.5, 1],
    ['pneumonia at a tie with the threshold', [0.5, 0.5], 0.5, 1],
    ['always pneumonia at threshold 0, also where rounding leaves more than 1', [1.0000001, 0], 0, 1],
    ['normal where nothing is a number', [Number.NaN, Number.NaN], 0.5, 0],
  ])('gives %s', (_, probabilities, threshold, label) => {
    expect(decideClass(probabilities, threshold)).toBe(label);
  });

  it('reads a row of a table', () => {
    expect(decideClass([9, 9, 0.25, 0.25, 0.5, 9], 0.5, 3, 2)).toBe(2);
    expect(pneumoniaScore(-1e-8)).toBe(1);
  });
});
