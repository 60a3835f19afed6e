import { describe, expect, it } from 'vitest';
import type { Predictions } from 'xray-core';
import { chooseThreshold } from '../operating-points/choose-threshold.js';
import { evaluateShifts } from './evaluate-shifts.js';
import { joinPredictions } from './join-predictions.js';

/** Two healthy and two sick images with these probabilities of pneumonia. */
const predictions = (scores: readonly number[], classNames = ['normal', 'pneumonia']): Predictions => ({
  ids: scores.map((_, image) => `image-${image}`),
  classNames,
  labels: Int32Array.from([0, 0, 1, 1]),
  probabilities: Float32Array.from(scores.flatMap((score) => [1 - score, score])),
});
const unchanged = predictions([0.25, 0.375, 0.625, 0.75]);
const shifts = [
  { name: 'blur', strength: 1, setting: 'a', predictions: predictions([0.625, 0.75, 0.875, 1]) },
  { name: 'noise', strength: 1, setting: 'b', predictions: predictions([0, 0.125, 0.25, 0.125]) },
];

describe('evaluateShifts', () => {
  it('counts each shift at the given threshold, and all of them together', () => {
    expect(evaluateShifts(unchanged, shifts, { threshold: 0.5, split: 'validation' })).toEqual({
      split: 'validation',
      sampleCount: 4,
      threshold: 0.5,
      unchanged: { auroc: 1, sensitivity: 1, specificity: 1 },
      shifts: [
        { name: 'blur', strength: 1, setting: 'a', auroc: 1, sensitivity: 1, specificity: 0 },
        // Of four pairs three are in order and one is a tie.
        { name: 'noise', strength: 1, setting: 'b', auroc: 0.875, sensitivity: 0, specificity: 1 },
      ],
      mean: { auroc: 0.9375, sensitivity: 0.5, specificity: 0.5 },
      worst: { auroc: 0.875, sensitivity: 0, specificity: 0 },
      // Healthy .625 .75 0 .125, sick .875 1 .25 .125: 4 + 4 + 2 + 1.5 of 16 pairs.
      pooledAuroc: 11.5 / 16,
    });
  });

  it('leaves undefined numbers out of means', () => {
    const healthy = { ...unchanged, labels: Int32Array.from([0, 0, 0, 0]) };
    const shift = { name: 'blur', strength: 1, setting: 'a', predictions: healthy };
    const { mean, worst, pooledAuroc } = evaluateShifts(healthy, [shift], { threshold: 0.5, split: 'all' });
    expect([mean, worst]).toEqual(Array(2).fill({ auroc: null, sensitivity: null, specificity: 0.5 }));
    expect(pooledAuroc).toBeNull();
  });

  it('refuses other images, and none', () => {
    const other = { ...unchanged, labels: Int32Array.from([0, 1, 0, 1]) };
    expect(() =>
      evaluateShifts(unchanged, [{ ...shifts[0]!, predictions: other }], { threshold: 0.5, split: 'test' }),
    ).toThrow('`shifted: blur 1` must be the 4 images of the unchanged predictions, in their order');
    expect(() => evaluateShifts(unchanged, [], { threshold: 0.5, split: 'test' })).toThrow('at least one');
  });
});

describe('joinPredictions', () => {
  it('puts predictions one after the other, so that a threshold can be chosen on all of them', () => {
    const joined = joinPredictions([unchanged, ...shifts.map((shift) => shift.predictions)]);
    expect(joined.ids).toHaveLength(12);
    expect(Array.from(joined.labels)).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]);
    expect(Array.from(joined.probabilities.subarray(8, 10))).toEqual([0.375, 0.625]);
    expect(chooseThreshold(joined, 'youden-under-shifts', { copies: 3 })).toBeGreaterThan(0);
  });

  it('refuses other classes', () => {
    expect(() => joinPredictions([unchanged, predictions([0, 0, 0, 0], ['a', 'b'])])).toThrow(
      '`parts[1].classNames` must be those of the first: normal, pneumonia.',
    );
  });
});
