import { describe, expect, it } from 'vitest';
import { mcc } from './mcc.js';

describe('mcc', () => {
  it('equals the formula of Matthews 1975 for two classes', () => {
    const [tn, fp, fn, tp] = [190, 44, 5, 385];
    const expected = (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
    expect(
      mcc([
        [tn, fp],
        [fn, tp],
      ]),
    ).toBeCloseTo(expected, 14);
  });

  it('is 1 for perfect, -1 for always wrong, 0 for a constant decision or a single true class', () => {
    expect(
      mcc([
        [7, 0],
        [0, 2],
      ]),
    ).toBe(1);
    expect(
      mcc([
        [0, 7],
        [2, 0],
      ]),
    ).toBe(-1);
    expect(
      mcc([
        [0, 7],
        [0, 2],
      ]),
    ).toBe(0);
    expect(
      mcc([
        [0, 0],
        [3, 2],
      ]),
    ).toBe(0);
    expect(
      mcc([
        [4, 0, 0],
        [0, 3, 0],
        [0, 0, 5],
      ]),
    ).toBe(1);
  });

  it('does not change when truth and decision, or the class order, are exchanged', () => {
    const matrix = [
      [8, 2, 1],
      [0, 5, 4],
      [3, 1, 9],
    ];
    const transposed = matrix.map((_, row) => matrix.map((other) => other[row]!));
    const reversed = [...matrix].reverse().map((row) => [...row].reverse());
    expect(mcc(transposed)).toBeCloseTo(mcc(matrix), 14);
    expect(mcc(reversed)).toBeCloseTo(mcc(matrix), 14);
  });
});
