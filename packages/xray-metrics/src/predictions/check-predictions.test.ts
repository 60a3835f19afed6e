import { describe, expect, it } from 'vitest';
import { InvalidArgumentError, type Predictions } from 'xray-core';
import { checkPredictions } from './check-predictions.js';

const GOOD: Predictions = {
  ids: ['a', 'b'],
  classNames: ['normal', 'pneumonia'],
  labels: Int32Array.of(0, 1),
  probabilities: Float32Array.of(0.75, 0.25, 0.5, 0.5),
};

function messageFor(change: Partial<Predictions>): string {
  try {
    checkPredictions({ ...GOOD, ...change });
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidArgumentError);
    return (error as Error).message;
  }
  return 'accepted';
}

describe('checkPredictions', () => {
  it('accepts rows that sum to 1 as closely as half precision can', () => {
    expect(messageFor({})).toBe('accepted');
    expect(messageFor({ probabilities: Float32Array.of(0.7, 0.2995, 0.5, 0.5) })).toBe('accepted');
  });

  it('names the row and the image that do not sum to 1', () => {
    expect(messageFor({ probabilities: Float32Array.of(0.75, 0.25, 0.5, 0.75) })).toBe(
      '`predictions.probabilities` must be rows that sum to 1, row 1 (b) too. Received: [0.5,0.75]. ' +
        'End the model with softmax, and turn a single sigmoid output p into [1 - p, p].',
    );
  });

  it.each([
    [{ classNames: ['pneumonia'] }, /`predictions.classNames` must be at least two class names/],
    [{ ids: ['a'] }, /`predictions.ids` must be 2 values/],
    [{ probabilities: Float32Array.of(1, 0) }, /`predictions.probabilities` must be 4 values, 2 for each/],
    [{ labels: Int32Array.of(0, 2) }, /`predictions.labels\[1\]` must be 0/],
    [
      { probabilities: Float32Array.of(0.75, 0.25, NaN, 0.5) },
      /`predictions.probabilities\[2\]`.*NaN.*diverged/,
    ],
    [
      { probabilities: Float32Array.of(0.75, 0.25, -0.5, 1.5) },
      /`predictions.probabilities\[2\]`.*-0.5.*softmax/,
    ],
    [{ ids: [], labels: Int32Array.of(), probabilities: Float32Array.of() }, /at least one label/],
  ] as [Partial<Predictions>, RegExp][])('refuses %o', (change, message) => {
    expect(messageFor(change)).toMatch(message);
  });
});
