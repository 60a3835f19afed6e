import { describe, expect, it } from 'vitest';
import { npv, ppv, sensitivity, specificity } from './two-class-scores.js';

// The official test split under the threshold of a cautious model: 234 normal, 390 pneumonia.
const MATRIX = [
  [190, 44],
  [5, 385],
];

describe('two-class scores', () => {
  it('read the four cells the right way round', () => {
    expect(sensitivity(MATRIX)).toBe(385 / 390);
    expect(specificity(MATRIX)).toBe(190 / 234);
    expect(ppv(MATRIX)).toBe(385 / 429);
    expect(npv(MATRIX)).toBe(190 / 195);
  });

  it('are null without images to count', () => {
    expect(
      sensitivity([
        [3, 1],
        [0, 0],
      ]),
    ).toBeNull();
    expect(
      specificity([
        [0, 0],
        [1, 3],
      ]),
    ).toBeNull();
    expect(
      ppv([
        [3, 0],
        [1, 0],
      ]),
    ).toBeNull();
    expect(
      npv([
        [0, 3],
        [0, 1],
      ]),
    ).toBeNull();
  });

  it.each([sensitivity, specificity, ppv, npv])('%o refuses three classes', (score) => {
    const three = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    expect(() => score(three)).toThrow(/`matrix` must be a 2 x 2 table of counts/);
  });
});
