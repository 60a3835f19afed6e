import { describe, expect, it } from 'vitest';
import { accuracy, classificationScores, f1, precision, recall } from './class-scores.js';

// 6 images: class 0 found 2 of 3, class 1 found 1 of 2, class 2 found 0 of 1.
const MATRIX = [
  [2, 1, 0],
  [0, 1, 1],
  [1, 0, 0],
];

describe('class scores', () => {
  it('match the counts done by hand', () => {
    expect(accuracy(MATRIX)).toBe(3 / 6);
    expect(precision(MATRIX, 0)).toBe(2 / 3);
    expect(precision(MATRIX, 1)).toBe(1 / 2);
    expect(recall(MATRIX, 0)).toBe(2 / 3);
    expect(recall(MATRIX, 2)).toBe(0);
    expect(f1(MATRIX, 1)).toBe(1 / 2);
    const { macro, weighted } = classificationScores(MATRIX);
    expect(macro.recall).toBeCloseTo((2 / 3 + 1 / 2 + 0) / 3, 14);
    expect(weighted.recall).toBeCloseTo(accuracy(MATRIX), 14); // holds for every matrix
    expect(macro.support).toBe(6);
  });

  it('are null where they are undefined, and left out of the means', () => {
    // Class 1 has images that were never found, class 2 does not occur at all.
    const { perClass, macro, weighted } = classificationScores([
      [4, 0, 0],
      [2, 0, 0],
      [0, 0, 0],
    ]);
    expect(perClass[1]).toEqual({ precision: null, recall: 0, f1: 0, support: 2 });
    expect(perClass[2]).toEqual({ precision: null, recall: null, f1: null, support: 0 });
    expect(macro).toEqual({ precision: 4 / 6, recall: 0.5, f1: 0.4, support: 6 });
    expect(weighted.precision).toBe(4 / 6);
    expect(weighted.recall).toBeCloseTo(4 / 6, 14);
  });

  it('have a null weighted precision when only absent classes were predicted', () => {
    const { macro, weighted } = classificationScores([
      [0, 5],
      [0, 0],
    ]);
    expect(macro.precision).toBe(0);
    expect(weighted.precision).toBeNull();
  });

  it('refuse tables that no `confusionMatrix` made', () => {
    const isRefused = /`matrix` must be a square table of counts.*Make it with `confusionMatrix/;
    expect(() => accuracy([[1, 2]])).toThrow(isRefused);
    expect(() =>
      accuracy([
        [1, 0.5],
        [0, 1],
      ]),
    ).toThrow(isRefused);
    expect(() =>
      accuracy([
        [1, -1],
        [0, 1],
      ]),
    ).toThrow(isRefused);
    expect(() =>
      accuracy([
        [0, 0],
        [0, 0],
      ]),
    ).toThrow(isRefused);
    expect(() => accuracy([[5]])).toThrow(isRefused);
    expect(() => recall(MATRIX, 3)).toThrow('`label` must be a class index from 0 to 2. Received: 3.');
  });
});
