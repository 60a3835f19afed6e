import { describe, expect, it } from 'vitest';
import { randomPredictions } from '../__fixtures__/random-predictions.js';
import { predictedLabels } from '../two-class-view.js';
import { confusionMatrix } from './confusion-matrix.js';

describe('confusionMatrix', () => {
  it('has the truth in rows and the decision in columns', () => {
    expect(confusionMatrix([0, 0, 0, 1], [0, 1, 1, 1], 2)).toEqual([
      [1, 2],
      [0, 1],
    ]);
  });

  it('keeps rows and columns of classes that do not occur', () => {
    expect(confusionMatrix([2], [0], 3)).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [1, 0, 0],
    ]);
  });

  it.each([2, 3, 5])('sums to the images, in rows to the true classes, for %i classes', (classCount) => {
    const predictions = randomPredictions({ seed: classCount, size: 173, classCount });
    const matrix = confusionMatrix(predictions.labels, predictedLabels(predictions), classCount);
    expect(matrix.flat().reduce((sum, count) => sum + count)).toBe(173);
    matrix.forEach((row, label) => {
      const images = predictions.labels.filter((value) => value === label).length;
      expect(row.reduce((sum, count) => sum + count)).toBe(images);
    });
  });

  it('says which value is wrong', () => {
    expect(() => confusionMatrix([0, 1], [0, 3], 3)).toThrow(
      '`predicted[1]` must be a class index from 0 to 2. Received: 3. Take the index of the class in the class list.',
    );
    expect(() => confusionMatrix([0, 0.5], [0, 1], 3)).toThrow(/`labels\[1\]`.*Received: 0.5/);
    expect(() => confusionMatrix([0, -1], [0, 1], 2)).toThrow(/`labels\[1\]` must be 0 \(negative\) or 1/);
    expect(() => confusionMatrix([0, 1], [0], 2)).toThrow(
      '`predicted` must be 2 values, 1 for each of the 2 labels. Received: 1.',
    );
    expect(() => confusionMatrix([], [], 2)).toThrow(
      /`labels` must be at least one label.*split is not empty/,
    );
    expect(() => confusionMatrix([0], [0], 1)).toThrow(
      '`classCount` must be an integer of at least 2. Received: 1.',
    );
  });
});
