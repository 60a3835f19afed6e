import { describe, expect, it } from 'vitest';
import { randomPredictions, takeImages } from '../__fixtures__/random-predictions.js';
import { averagePredictions } from './average-predictions.js';

const FIRST = randomPredictions({ seed: 1, size: 40, classCount: 3 });
const SECOND = { ...randomPredictions({ seed: 2, size: 40, classCount: 3 }), labels: FIRST.labels };

describe('averagePredictions', () => {
  it('gives the mean probabilities, whatever the order of the images', () => {
    const reversed = takeImages(SECOND, [...SECOND.ids.keys()].reverse());
    const mean = averagePredictions([FIRST, reversed]);
    expect(mean.ids).toEqual(FIRST.ids);
    mean.probabilities.forEach((value, at) => {
      expect(value).toBeCloseTo((FIRST.probabilities[at]! + SECOND.probabilities[at]!) / 2, 6);
    });
  });

  it('changes nothing for equal models', () => {
    expect(averagePredictions([FIRST, FIRST, FIRST])).toEqual(FIRST);
  });

  it('refuses none, and other images', () => {
    expect(() => averagePredictions([])).toThrow(/`predictions` must be at least one/);
    const fewer = takeImages(SECOND, [0, 1]);
    expect(() => averagePredictions([FIRST, fewer])).toThrow(/`second.ids` must be the 40 images/);
  });
});
