import { describe, expect, it } from 'vitest';
import type { Predictions } from 'xray-core';
import { decidedLabels, pneumoniaScores, predictedLabels, twoClassLabels } from './two-class-view.js';

const PREDICTIONS: Predictions = {
  ids: ['a', 'b', 'c'],
  classNames: ['normal', 'bacterial', 'viral'],
  labels: Int32Array.of(0, 1, 2),
  probabilities: Float32Array.of(0.5, 0.25, 0.25, 0.25, 0.375, 0.375, 0, 0.125, 0.875),
};

describe('the two-class view', () => {
  it('scores with 1 - p(negative) and counts every other class as pneumonia', () => {
    expect([...pneumoniaScores(PREDICTIONS)]).toEqual([0.5, 0.75, 1]);
    expect([...twoClassLabels(PREDICTIONS)]).toEqual([0, 1, 1]);
  });

  it('decides at a threshold, then for the most probable kind', () => {
    expect([...decidedLabels(PREDICTIONS, 0.5)]).toEqual([1, 1, 2]);
    expect([...decidedLabels(PREDICTIONS, 0.625)]).toEqual([0, 1, 2]);
    expect([...decidedLabels(PREDICTIONS, 1)]).toEqual([0, 0, 2]);
  });

  it('decides for the first of equally probable classes', () => {
    expect([...predictedLabels(PREDICTIONS)]).toEqual([0, 1, 2]);
  });
});
