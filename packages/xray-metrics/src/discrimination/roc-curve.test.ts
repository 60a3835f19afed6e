import { describe, expect, it } from 'vitest';
import { randomPredictions } from '../__fixtures__/random-predictions.js';
import { operatingPoint } from '../operating-points/operating-point.js';
import { pneumoniaScores } from '../two-class-view.js';
import { auroc } from './auroc.js';
import { rocCurve } from './roc-curve.js';

describe('rocCurve', () => {
  it('gives the points of the scikit-learn docs example', () => {
    expect(rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])).toEqual([
      { fpr: 0, tpr: 0, threshold: Infinity },
      { fpr: 0, tpr: 0.5, threshold: 0.8 },
      { fpr: 0.5, tpr: 0.5, threshold: 0.4 },
      { fpr: 0.5, tpr: 1, threshold: 0.35 },
      { fpr: 1, tpr: 1, threshold: 0.1 },
    ]);
  });

  it('agrees at every point with the operating point at its threshold', () => {
    const predictions = randomPredictions({ seed: 5, size: 80, classCount: 2 });
    const scores = pneumoniaScores(predictions);
    for (const { fpr, tpr, threshold } of rocCurve(predictions.labels, scores)!) {
      const point = operatingPoint(predictions.labels, scores, threshold);
      expect(tpr).toBe(point.sensitivity);
      expect(fpr).toBeCloseTo(1 - point.specificity!, 14);
    }
  });

  it('encloses the area that `auroc` gives', () => {
    const predictions = randomPredictions({ seed: 6, size: 90, classCount: 2 });
    const scores = pneumoniaScores(predictions).map((score) => Math.round(score * 10)); // with ties
    const points = rocCurve(predictions.labels, scores)!;
    let area = 0;
    for (let index = 1; index < points.length; index++) {
      const [left, right] = [points[index - 1]!, points[index]!];
      area += ((right.fpr - left.fpr) * (right.tpr + left.tpr)) / 2;
    }
    expect(auroc(predictions.labels, scores)).toBeCloseTo(area, 12);
  });

  it('is null with one class', () => {
    expect(rocCurve([0, 0], [0.1, 0.2])).toBeNull();
    expect(rocCurve([1], [0.1])).toBeNull();
  });
});
