import { describe, expect, it } from 'vitest';
import { averagePrecision } from './average-precision.js';

describe('averagePrecision', () => {
  it.each([
    { name: 'separates perfectly', labels: [0, 1, 1], scores: [0.1, 0.8, 0.9], expected: 1 },
    {
      name: 'is the prevalence for a constant score',
      labels: [0, 0, 0, 1],
      scores: [0.5, 0.5, 0.5, 0.5],
      expected: 1 / 4,
    },
    // Precision 1/1 at the first positive, 2/3 at the second.
    {
      name: 'scikit-learn docs example',
      labels: [0, 0, 1, 1],
      scores: [0.1, 0.4, 0.35, 0.8],
      expected: (1 + 2 / 3) / 2,
    },
    { name: 'is 1 without negatives', labels: [1, 1], scores: [0.5, 0.1], expected: 1 },
  ])('$name', ({ labels, scores, expected }) => {
    expect(averagePrecision(labels, scores)).toBeCloseTo(expected, 14);
  });

  it('is null without positives', () => {
    expect(averagePrecision([0, 0], [0.1, 0.2])).toBeNull();
  });
});
