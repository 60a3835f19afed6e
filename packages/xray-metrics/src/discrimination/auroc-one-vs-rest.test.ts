import { describe, expect, it } from 'vitest';
import { randomPredictions, takeImages } from '../__fixtures__/random-predictions.js';
import { pneumoniaScores } from '../two-class-view.js';
import { auroc } from './auroc.js';
import { aurocOneVsRest } from './auroc-one-vs-rest.js';

describe('aurocOneVsRest', () => {
  it('is the mean of one AUROC per class', () => {
    const predictions = randomPredictions({ seed: 1, size: 150, classCount: 3 });
    const { labels, probabilities } = predictions;
    const areas = [0, 1, 2].map((label) =>
      auroc(
        labels.map((value) => (value === label ? 1 : 0)),
        Float64Array.from(labels, (_, image) => probabilities[image * 3 + label]!),
      ),
    );
    expect(aurocOneVsRest(predictions)).toBeCloseTo((areas[0]! + areas[1]! + areas[2]!) / 3, 13);
  });

  it('equals the AUROC of pneumonia for two classes', () => {
    const predictions = randomPredictions({ seed: 2, size: 150, classCount: 2 });
    expect(aurocOneVsRest(predictions)).toBeCloseTo(
      auroc(predictions.labels, pneumoniaScores(predictions))!,
      5,
    );
  });

  it('is null if any class has no images', () => {
    const predictions = randomPredictions({ seed: 3, size: 60, classCount: 3 });
    const images = [...predictions.labels.keys()].filter((image) => predictions.labels[image] !== 2);
    expect(aurocOneVsRest(takeImages(predictions, images))).toBeNull();
  });
});
