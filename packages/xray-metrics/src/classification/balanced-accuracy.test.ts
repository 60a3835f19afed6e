import { describe, expect, it } from 'vitest';
import { balancedAccuracy } from './balanced-accuracy.js';

describe('balancedAccuracy', () => {
  it('is the mean of sensitivity and specificity for two classes', () => {
    expect(
      balancedAccuracy([
        [190, 44],
        [5, 385],
      ]),
    ).toBeCloseTo((385 / 390 + 190 / 234) / 2, 14);
  });

  it('is 1 / classes for a model that always says the same', () => {
    expect(
      balancedAccuracy([
        [0, 9, 0],
        [0, 70, 0],
        [0, 1, 0],
      ]),
    ).toBeCloseTo(1 / 3, 14);
  });

  it('is null if a class has no images', () => {
    expect(
      balancedAccuracy([
        [3, 1],
        [0, 0],
      ]),
    ).toBeNull();
  });
});
