import { describe, expect, it } from 'vitest';
import type { Predictions } from 'xray-core';
import { randomPredictions } from '../__fixtures__/random-predictions.js';
import { predictionsOf } from '../__fixtures__/read-scikit-learn.js';
import { readStatistics } from '../__fixtures__/read-statistics.js';
import { auroc } from '../discrimination/auroc.js';
import { pneumoniaScores, predictedLabels, twoClassLabels } from '../two-class-view.js';
import { applyCalibrator } from './apply-calibrator.js';
import { calibrationIntercept, calibrationSlope } from './calibration-line.js';
import type { Calibrator } from './calibrator.js';
import { fitIsotonic } from './fit-isotonic.js';
import { fitPlatt } from './fit-platt.js';
import { fitTemperature } from './fit-temperature.js';
import { logLoss } from './log-loss.js';

interface CalibrationCase {
  readonly labels: string;
  readonly thousandths: readonly number[];
  readonly isotonic: readonly number[];
  readonly platt: readonly [slope: number, intercept: number];
  readonly temperature: { labels: string; thousandths: readonly number[]; value: number };
}

const expected = readStatistics<CalibrationCase>('calibration');
/** The fixture holds p(positive); predictions store p(negative) first. */
const twoClasses = predictionsOf({
  labels: expected.labels,
  thousandths: expected.thousandths.map((value) => 1000 - value),
});
const threeClasses = predictionsOf(expected.temperature);
const CALIBRATORS: readonly (readonly [string, (predictions: Predictions) => Calibrator])[] = [
  ['fitTemperature', fitTemperature],
  ['fitPlatt', fitPlatt],
  ['fitIsotonic', fitIsotonic],
];
const scored = (labels: readonly number[], scores: readonly number[]): Predictions => ({
  ids: labels.map(String),
  classNames: ['normal', 'pneumonia'],
  labels: Int32Array.from(labels),
  probabilities: Float32Array.from(scores.flatMap((score) => [1 - score, score])),
});

describe('fitTemperature', () => {
  it("comes to the optimum of SciPy's minimize_scalar", () => {
    expect(fitTemperature(threeClasses).temperature).toBeCloseTo(expected.temperature.value, 5);
  });

  it('never changes the most probable class, and lowers the loss', () => {
    const calibrated = applyCalibrator(threeClasses, fitTemperature(threeClasses));
    expect([...predictedLabels(calibrated)]).toEqual([...predictedLabels(threeClasses)]);
    const lossOf = ({ labels, probabilities }: Predictions) => logLoss(labels, probabilities, 3);
    expect(lossOf(calibrated)).toBeLessThan(lossOf(threeClasses));
    expect(fitTemperature(calibrated).temperature).toBeCloseTo(1, 4);
  });

  it.each([
    [scored([0, 1], [0.1, 0.9]), /no mistakes/],
    [scored([1, 0], [0.1, 0.9]), /no better than chance/],
  ])('says why there is none (%#)', (predictions, message) => {
    expect(() => fitTemperature(predictions)).toThrow(message);
  });
});

describe('fitPlatt', () => {
  it("agrees with scikit-learn's _SigmoidCalibration", () => {
    const { slope, intercept } = fitPlatt(twoClasses);
    // scikit-learn stops at a gradient of about 1e-6.
    expect(slope).toBeCloseTo(expected.platt[0], 4);
    expect(intercept).toBeCloseTo(expected.platt[1], 4);
  });

  it('leaves slope 1 and intercept 0 behind, but for the targets inside 0 and 1', () => {
    const calibrated = applyCalibrator(twoClasses, fitPlatt(twoClasses));
    const truth = twoClassLabels(calibrated);
    const scores = pneumoniaScores(calibrated);
    expect(calibrationSlope(truth, scores)!.value).toBeCloseTo(1, 1);
    expect(calibrationIntercept(truth, scores)!.value).toBeCloseTo(0, 1);
    expect(auroc(truth, scores)).toBeCloseTo(auroc(truth, pneumoniaScores(twoClasses))!, 4); // float32 ties
  });

  it('says why there is none', () => {
    expect(() => fitPlatt(scored([1, 1], [0.1, 0.9]))).toThrow(/images of both classes/);
    expect(() => fitPlatt(scored([0, 1], [0.5, 0.5]))).toThrow(/different scores/);
  });
});

describe('fitIsotonic', () => {
  it("agrees with scikit-learn's IsotonicRegression, between the images and outside of them", () => {
    const grid = Array.from({ length: 21 }, (_, index) => index / 20);
    const calibrated = applyCalibrator(
      scored(
        grid.map(() => 0),
        grid,
      ),
      fitIsotonic(twoClasses),
    );
    expect([...pneumoniaScores(calibrated)]).toEqual(
      expected.isotonic.map((value) => expect.closeTo(value, 5)),
    );
  });

  it('pools equal scores first, then violators', () => {
    const { scores, probabilities } = fitIsotonic(scored([0, 1, 1, 0, 1], [0.25, 0.5, 0.5, 0.75, 1]));
    expect(scores).toEqual([0.25, 0.5, 0.75, 1]);
    expect(probabilities).toEqual([0, 2 / 3, 2 / 3, 1]);
  });
});

describe.each(CALIBRATORS)('%s', (_, fit) => {
  it('is plain JSON and gives rows that sum to 1, however extreme the probabilities', () => {
    const calibrator: Calibrator = JSON.parse(JSON.stringify(fit(threeClasses)));
    expect(calibrator).toEqual(fit(threeClasses));
    const extreme = { ...randomPredictions({ seed: 1, size: 4, classCount: 3 }) };
    extreme.probabilities.set([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0.5, 0.5]);
    const { probabilities } = applyCalibrator(extreme, calibrator);
    for (let row = 0; row < 4; row++) {
      const sum = probabilities.subarray(3 * row, 3 * row + 3).reduce((total, value) => total + value, 0);
      expect(sum).toBeCloseTo(1, 6);
    }
    expect(probabilities.every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});

describe('applyCalibrator', () => {
  it('keeps the shares of the positive classes', () => {
    const { probabilities } = applyCalibrator(threeClasses, fitPlatt(threeClasses));
    for (let row = 0; row < 20; row++) {
      const before = threeClasses.probabilities[3 * row + 1]! / (1 - threeClasses.probabilities[3 * row]!);
      const after = probabilities[3 * row + 1]! / (1 - probabilities[3 * row]!);
      expect(after).toBeCloseTo(before, 4);
    }
  });

  it.each([
    [{ method: 'beta' }, /`calibrator.method` must be 'temperature', 'platt' or 'isotonic'/],
    [undefined, /`calibrator.method`/],
    [{ method: 'temperature', temperature: 0 }, /`calibrator.temperature` must be a finite number above 0/],
    [{ method: 'platt', slope: 1, intercept: null }, /`calibrator.intercept` must be a finite number/],
    [
      { method: 'isotonic', scores: [0.2, 0.2], probabilities: [0, 1] },
      /`calibrator.scores` must be strictly/,
    ],
    [{ method: 'isotonic', scores: [0.2], probabilities: [0, 1] }, /must be 1 numbers, one for each score/],
  ])('refuses %j', (calibrator, message) => {
    expect(() => applyCalibrator(threeClasses, calibrator as Calibrator)).toThrow(message);
  });
});
