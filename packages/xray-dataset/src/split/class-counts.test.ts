import { describe, expect, it } from 'vitest';
import { NORMAL_BACTERIAL_VIRAL, NORMAL_PNEUMONIA } from 'xray-core';
import { balancedClassWeights, countClasses } from './class-counts.js';

describe('countClasses', () => {
  it('counts in the order of the class list', () => {
    const samples = ['viral', 'normal', 'viral', 'bacterial'].map((finding, index) => ({
      id: String(index),
      source: '',
      finding,
      patientId: String(index),
    }));
    expect(countClasses(samples, NORMAL_BACTERIAL_VIRAL)).toEqual([1, 1, 2]);
    expect(countClasses(samples, NORMAL_PNEUMONIA)).toEqual([1, 3]);
  });
});

describe('balancedClassWeights', () => {
  // compute_class_weight('balanced', ...) of scikit-learn 1.9
  it.each([
    { counts: [1341, 3875], expected: [1.9448173005219984, 0.6730322580645162] },
    { counts: [1341, 2530, 1345], expected: [1.296544867014665, 0.6872200263504611, 1.29268897149938] },
    { counts: [5, 5], expected: [1, 1] },
  ])('weights $counts as scikit-learn does', ({ counts, expected }) => {
    balancedClassWeights(counts).forEach((weight, label) => {
      expect(weight).toBeCloseTo(expected[label]!, 12);
    });
  });

  it('refuses an empty class', () => {
    expect(() => balancedClassWeights([3, 0])).toThrow(
      /at least one image of every class\. Received: \[3,0\]/,
    );
  });
});
