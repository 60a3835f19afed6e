import { describe, expect, it } from 'vitest';
import { labelsOf, readStatistics, scoresOf } from '../__fixtures__/read-statistics.js';
import { brierDecomposition } from './brier-decomposition.js';
import { calibrationIntercept, calibrationSlope } from './calibration-line.js';
import { expectedCalibrationError } from './expected-calibration-error.js';
import { hosmerLemeshowTest } from './hosmer-lemeshow-test.js';
import { reliabilityBins } from './reliability-bins.js';

type Numbers = readonly number[];

/** What statsmodels, scikit-learn and SciPy say. */
interface CalibrationCase {
  readonly labels: string;
  readonly thousandths: Numbers;
  readonly slope: Numbers;
  readonly intercept: Numbers;
  readonly bins: { observed: Numbers; predicted: Numbers; counts: Numbers };
  readonly massBins: { observed: Numbers; predicted: Numbers };
  readonly ece: number;
  readonly ground: { brier: number; reliability: number; resolution: number; uncertainty: number };
  readonly hosmerLemeshow: Numbers;
}

const expected = readStatistics<CalibrationCase>('calibration');
const labels = labelsOf(expected.labels);
const probabilities = scoresOf(expected.thousandths);
const close = (values: Numbers, digits = 10) => values.map((value) => expect.closeTo(value, digits));

describe('reliabilityBins', () => {
  it("has the bins of scikit-learn's calibration_curve", () => {
    const bins = reliabilityBins(labels, probabilities);
    expect(bins.map(({ observed }) => observed)).toEqual(close(expected.bins.observed));
    expect(bins.map(({ meanProbability }) => meanProbability)).toEqual(close(expected.bins.predicted));
    for (const { low, high, meanProbability, observed, interval } of bins) {
      expect(meanProbability > low && meanProbability <= high).toBe(true);
      expect(interval[0] <= observed && observed <= interval[1]).toBe(true);
    }
  });

  it('has the bins of its quantile strategy', () => {
    const bins = reliabilityBins(labels, probabilities, { binning: 'equal-mass' });
    expect(bins.map(({ observed }) => observed)).toEqual(close(expected.massBins.observed));
    expect(bins.map(({ meanProbability }) => meanProbability)).toEqual(close(expected.massBins.predicted));
    expect(bins.map(({ count }) => count)).toEqual(Array(10).fill(50));
  });

  it('puts edges into the lower bin and leaves empty ones out', () => {
    const bins = reliabilityBins([0, 1, 0, 1, 1], [0, 0.3, 0.7, 0.6, 1]);
    expect(bins.map(({ low, high, count }) => [low, high, count])).toEqual([
      [0, 0.1, 1],
      [0.2, 0.3, 1],
      [0.5, 0.6, 1],
      [0.6, 0.7, 1],
      [0.9, 1, 1],
    ]);
  });

  it('keeps equal probabilities in one bin of equal mass', () => {
    const constant = reliabilityBins([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5], { binning: 'equal-mass', bins: 3 });
    expect(constant).toHaveLength(1);
    expect(constant[0]).toMatchObject({ low: 0.5, high: 0.5, count: 4, observed: 0.5 });
  });

  it.each([
    [{ bins: 0 }, /`bins` must be a whole number from 1 up/],
    [{ binning: 'log' as 'equal-mass' }, /`binning` must be 'equal-width' or 'equal-mass'/],
  ])('refuses %j', (options, message) => {
    expect(() => reliabilityBins([0, 1], [0, 1], options)).toThrow(message);
  });
});

describe('expectedCalibrationError', () => {
  it("agrees with the sum over scikit-learn's bins", () => {
    expect(expectedCalibrationError(labels, probabilities)).toBeCloseTo(expected.ece, 12);
  });

  it('is 0 for shares that come true and 1 for sure mistakes', () => {
    expect(expectedCalibrationError([0, 0, 0, 1], [0.25, 0.25, 0.25, 0.25])).toBe(0);
    expect(expectedCalibrationError([0, 1], [1, 0], { binning: 'equal-mass' })).toBe(1);
  });
});

describe('brierDecomposition', () => {
  it('agrees with sums over distinct probabilities, where nothing is hidden in bins', () => {
    const rounded = expected.thousandths.map((value) => Math.floor(value / 100) / 10);
    const parts = brierDecomposition(labels, rounded, { bins: 1000 });
    for (const [name, value] of Object.entries(expected.ground)) {
      expect(parts[name as keyof typeof parts], name).toBeCloseTo(value, 10);
    }
    expect(parts.withinBins).toBeCloseTo(0, 12);
  });

  it('adds up, whatever the bins', () => {
    const { brier, reliability, resolution, uncertainty, withinBins } = brierDecomposition(
      labels,
      probabilities,
    );
    expect(reliability - resolution + uncertainty + withinBins).toBeCloseTo(brier, 14);
    expect(Math.abs(withinBins)).toBeGreaterThan(0);
  });
});

describe('slope and intercept', () => {
  it('agree with GLM of statsmodels', () => {
    const slope = calibrationSlope(labels, probabilities)!;
    const intercept = calibrationIntercept(labels, probabilities)!;
    expect([slope.value, slope.standardError, ...slope.interval!]).toEqual(close(expected.slope, 7));
    expect([intercept.value, intercept.standardError, ...intercept.interval!]).toEqual(
      close(expected.intercept, 7),
    );
  });

  it('are null where there is no maximum', () => {
    expect(calibrationSlope([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4])).toBeNull();
    expect(calibrationSlope([1, 1, 0, 0], [0.1, 0.2, 0.3, 0.4])).toBeNull();
    expect(calibrationSlope([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5])).toBeNull();
    expect(calibrationSlope([1, 1], [0.5, 0.6])).toBeNull();
    expect(calibrationIntercept([1, 1], [0.5, 0.6])).toBeNull();
    expect(calibrationIntercept([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5])!.value).toBeCloseTo(0, 12);
  });

  it('stand sure mistakes', () => {
    const slope = calibrationSlope([0, 0, 1, 1, 1, 0], [0, 1, 1, 0, 1, 0])!;
    expect(Number.isFinite(slope.value)).toBe(true);
  });
});

describe('hosmerLemeshowTest', () => {
  it('agrees with the textbook formula on quantile groups and the chi-squared of SciPy', () => {
    const [statistic, pValue, onTraining] = expected.hosmerLemeshow as [number, number, number];
    const test = hosmerLemeshowTest(labels, probabilities);
    expect(test.statistic).toBeCloseTo(statistic, 8);
    expect(test.degreesOfFreedom).toBe(10);
    expect(test.pValue! / pValue).toBeCloseTo(1, 7);
    const training = hosmerLemeshowTest(labels, probabilities, { onTrainingData: true });
    expect(training.degreesOfFreedom).toBe(8);
    expect(training.pValue! / onTraining).toBeCloseTo(1, 7);
  });

  it('stays JSON for sure mistakes and has no p-value without degrees of freedom', () => {
    expect(hosmerLemeshowTest([1, 0, 0], [0, 0.5, 1])).toMatchObject({
      statistic: Number.MAX_VALUE,
      pValue: 0,
    });
    const constant = hosmerLemeshowTest([0, 1], [0.5, 0.5], { onTrainingData: true });
    expect(constant).toMatchObject({ degreesOfFreedom: -1, pValue: null });
  });
});
