import { describe, expect, it } from 'vitest';
import { evaluatePredictions } from '../evaluation/evaluate-predictions.js';

/** 20 normal images of 10 patients, all right, and 12 of pneumonia of 12 patients, 9 of them right. */
const LABELS = Int32Array.from({ length: 32 }, (_, image) => (image < 20 ? 0 : 1));
const SCORES = Array.from(LABELS, (label, image) =>
  label === 1 && image < 29 ? 0.9 - image / 1000 : 0.1 + image / 1000,
);
const patientIds = Array.from(LABELS, (label, image) => (label === 0 ? `n${image >> 1}` : `p${image}`));
const predictions = {
  ids: Array.from(LABELS, (_, image) => String(image)),
  patientIds,
  classNames: ['normal', 'pneumonia'],
  labels: LABELS,
  probabilities: Float32Array.from(SCORES.flatMap((score) => [1 - score, score])),
};
const evaluation = await evaluatePredictions(predictions, { intervals: { seed: 1 } });

describe('intervals at the edge', () => {
  it('are exact binomial ones over patients where a share is 1', () => {
    // scipy.stats.binomtest(10, 10).proportion_ci(0.95, 'exact').low and binomtest(9, 9)
    expect(evaluation.specificity).toBe(1);
    expect(evaluation.intervals.specificity![0]).toBeCloseTo(0.6915028921812392, 12);
    expect(evaluation.intervals.specificity![1]).toBe(1);
    expect(evaluation.intervals.ppv![0]).toBeCloseTo(0.6637, 4);
  });

  it('mirror at 0', async () => {
    const blind = {
      ...predictions,
      probabilities: Float32Array.from(SCORES.flatMap((score) => [1 - score / 9, score / 9])),
    };
    const { sensitivity, intervals } = await evaluatePredictions(blind, {
      intervals: { seed: 1 },
    });
    expect(sensitivity).toBe(0);
    // scipy.stats.binomtest(0, 12).proportion_ci(0.95, 'exact').high
    expect(intervals.sensitivity![0]).toBe(0);
    expect(intervals.sensitivity![1]).toBeCloseTo(0.26464848, 6);
  });

  it('are left out for other numbers that no resample changes', async () => {
    const probabilities = Float32Array.from([...LABELS].flatMap((label) => [1 - label, label]));
    const { auroc, intervals } = await evaluatePredictions(
      { ...predictions, probabilities },
      { intervals: { seed: 1 } },
    );
    expect(auroc).toBe(1);
    expect(intervals).not.toHaveProperty('auroc');
    expect(intervals).not.toHaveProperty('mcc');
    expect(intervals.accuracy![0]).toBeCloseTo(0.025 ** (1 / 22), 12);
  });

  it('leave intervals with a width alone, and say how they were made', () => {
    const [low, high] = evaluation.intervals.sensitivity!;
    expect(low).toBeGreaterThan(0.4);
    expect(high).toBeLessThanOrEqual(1);
    expect(evaluation.intervalMethod).toBe(
      '95 % percentile bootstrap over patients, 1000 resamples, seed 1; exact binomial where a share is 0 or 1',
    );
  });
});
