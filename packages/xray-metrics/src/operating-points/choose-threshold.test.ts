import { describe, expect, it } from 'vitest';
import type { Predictions, ThresholdRule } from 'xray-core';
import { randomPredictions } from '../__fixtures__/random-predictions.js';
import { pneumoniaScores, twoClassLabels } from '../two-class-view.js';
import { chooseThreshold } from './choose-threshold.js';
import { operatingPoint } from './operating-point.js';

/** Two classes; scores that float32 holds exactly. */
function predictionsWith(labels: readonly number[], scores: readonly number[]): Predictions {
  return {
    ids: labels.map((_, image) => `image-${image}`),
    classNames: ['normal', 'pneumonia'],
    labels: Int32Array.from(labels),
    probabilities: Float32Array.from(scores.flatMap((score) => [1 - score, score])),
  };
}

describe('chooseThreshold', () => {
  it('lies midway between the scores it separates', () => {
    expect(chooseThreshold(predictionsWith([0, 0, 1, 1], [0.125, 0.25, 0.75, 0.875]), 'youden')).toBe(0.5);
  });

  it('prefers the higher sensitivity among equals', () => {
    // Above 0.25 and above 0.75 both have J = 0.5.
    expect(chooseThreshold(predictionsWith([0, 1, 0, 1], [0.125, 0.375, 0.5, 0.875]), 'youden')).toBe(0.25);
  });

  it('calls everything positive when the scores say nothing', () => {
    expect(chooseThreshold(predictionsWith([0, 1], [0.5, 0.5]), 'youden')).toBe(0.25);
    expect(chooseThreshold(predictionsWith([0, 1], [0.75, 0.25]), 'youden')).toBe(0.125);
    expect(chooseThreshold(predictionsWith([0, 1], [0, 0]), 'youden')).toBe(0);
  });

  it('separates scores with no number between them', () => {
    // 1 - 2^-53 and 1 are neighbouring doubles whose midpoint rounds to 1, the higher one: still a split.
    const close = { ...predictionsWith([0, 1], [1, 1]), probabilities: Float32Array.of(2 ** -53, 1, 0, 1) };
    const threshold = chooseThreshold(close, 'youden');
    expect(operatingPoint([0, 1], pneumoniaScores(close), threshold)).toMatchObject({
      sensitivity: 1,
      specificity: 1,
    });
    // Here the midpoint rounds down to the negative's score.
    const below = { ...close, probabilities: Float32Array.of(2 ** -52, 1, 2 ** -53, 1) };
    const lower = chooseThreshold(below, 'youden');
    expect(operatingPoint([0, 1], pneumoniaScores(below), lower)).toMatchObject({
      sensitivity: 1,
      specificity: 1,
    });
  });

  it('is the highest threshold within one standard error of the best for youden-under-shifts', () => {
    for (let seed = 0; seed < 10; seed++) {
      const predictions = randomPredictions({ seed, size: 300, classCount: 2, signal: 1.5 });
      const labels = twoClassLabels(predictions);
      const scores = pneumoniaScores(predictions);
      const pointAt = (threshold: number) => {
        const { sensitivity, specificity } = operatingPoint(labels, scores, threshold);
        return {
          sensitivity: sensitivity!,
          specificity: specificity!,
          youden: sensitivity! + specificity! - 1,
        };
      };
      const best = pointAt(chooseThreshold(predictions, 'youden'));
      const positives = labels.filter((label) => label === 1).length;
      for (const copies of [1, 4]) {
        const chosen = chooseThreshold(predictions, 'youden-under-shifts', { copies });
        const error = Math.sqrt(
          (best.sensitivity * (1 - best.sensitivity)) / (positives / copies) +
            (best.specificity * (1 - best.specificity)) / ((labels.length - positives) / copies),
        );
        expect(pointAt(chosen).youden).toBeGreaterThanOrEqual(best.youden - error - 1e-9);
        for (const score of scores.filter((score) => score > chosen)) {
          expect(
            pointAt(score).youden - 1e-9 > best.youden - error &&
              pointAt(score).sensitivity < pointAt(chosen).sensitivity,
          ).toBe(false);
        }
      }
    }
  });

  it.each([2, 3])('is not beaten by any other threshold, %i classes', (classCount) => {
    for (let seed = 0; seed < 10; seed++) {
      const predictions = randomPredictions({ seed, size: 40, classCount, signal: 0.7 });
      const labels = twoClassLabels(predictions);
      const scores = pneumoniaScores(predictions);
      const youden = (threshold: number): number => {
        const { sensitivity, specificity } = operatingPoint(labels, scores, threshold);
        return sensitivity! + specificity! - 1;
      };
      const chosen = youden(chooseThreshold(predictions, 'youden'));
      for (const score of scores) {
        expect(chosen).toBeGreaterThanOrEqual(youden(score) - 1e-12);
        expect(chosen).toBeGreaterThanOrEqual(youden(score + 1e-9) - 1e-12);
      }
    }
  });

  it("is 0.5 for the rule 'half', also with one class", () => {
    expect(chooseThreshold(predictionsWith([1, 1], [0.125, 0.25]), 'half')).toBe(0.5);
  });

  it('says what to do with one class only', () => {
    expect(() => chooseThreshold(predictionsWith([1, 1], [0.125, 0.25]), 'youden')).toThrow(
      "`predictions.labels` must be a mix of both classes for the rule 'youden'. " +
        `Received: {"negative":0,"positive":2}. Choose on a larger or stratified validation split, or use the rule 'half'.`,
    );
  });

  it('refuses rules that do not exist', () => {
    expect(() => chooseThreshold(predictionsWith([0, 1], [0, 1]), 'best' as ThresholdRule)).toThrow(
      /`rule` must be half, youden, youden-under-shifts.*Received: "best"/,
    );
  });
});
