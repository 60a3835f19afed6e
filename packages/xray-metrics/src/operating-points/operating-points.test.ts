import { describe, expect, it } from 'vitest';
import type { Predictions, ThresholdRule } from 'xray-core';
import { labelsOf, readStatistics, scoresOf } from '../__fixtures__/read-statistics.js';
import { cohenKappa } from '../classification/cohen-kappa.js';
import { gainCurve } from '../discrimination/gain-curve.js';
import { precisionRecallCurve } from '../discrimination/precision-recall-curve.js';
import { rocCurve } from '../discrimination/roc-curve.js';
import { chooseThreshold } from './choose-threshold.js';
import { decisionCurve } from './decision-curve.js';
import { likelihoodRatios } from './likelihood-ratios.js';
import { operatingPoint } from './operating-point.js';
import { predictiveValues } from './predictive-values.js';

type Numbers = readonly number[];

/** What scikit-learn, statsmodels and dcurves say. */
interface PointsCase {
  readonly labels: string;
  readonly thousandths: Numbers;
  readonly thresholds: Readonly<Record<ThresholdRule, number>>;
  readonly precisionRecall: { precision: Numbers; recall: Numbers; threshold: Numbers };
  readonly decision: Readonly<Record<'data' | 'tenPercent', { model: Numbers; all: Numbers }>> & {
    readonly thresholds: Numbers;
  };
  readonly matrix: readonly Numbers[];
  readonly likelihoodRatios: { values: Numbers; positive: Numbers; negative: Numbers };
  readonly kappa: { matrix: readonly Numbers[]; values: Numbers };
}

const expected = readStatistics<PointsCase>('points');
const labels = labelsOf(expected.labels);
const scores = scoresOf(expected.thousandths);
const close = (values: Numbers) => values.map((value) => expect.closeTo(value, 10));
const scored = (truth: Numbers | Int32Array, values: ArrayLike<number>): Predictions => ({
  ids: Array.from(truth, String),
  classNames: ['normal', 'pneumonia'],
  labels: Int32Array.from(truth),
  probabilities: Float32Array.from(Array.from(values, (value) => [1 - value, value]).flat()),
});

describe('chooseThreshold', () => {
  it.each(Object.entries(expected.thresholds))(
    "finds what scikit-learn's ROC curve has for %s",
    (rule, value) => {
      expect(chooseThreshold(scored(labels, scores), rule as ThresholdRule)).toBeCloseTo(value, 6);
    },
  );

  it('says what specificity can be had', () => {
    const highestIsHealthy = scored([0, 0, 1, 0], [0.1, 0.2, 0.3, 0.9]);
    expect(chooseThreshold(highestIsHealthy, 'specificity>=0.6')).toBeCloseTo(0.25, 6);
    expect(() => chooseThreshold(highestIsHealthy, 'specificity>=0.9')).toThrow(/The highest is 0.66/);
  });

  it.each(['sensitivity>=0', 'sensitivity>=95', 'specificity>=x', 'costs=1', 'costs=0:1', 'costs=1:2@1'])(
    'refuses %s',
    (rule) => {
      expect(() => chooseThreshold(scored(labels, scores), rule as ThresholdRule)).toThrow(/`rule` must be/);
    },
  );
});

describe('precisionRecallCurve', () => {
  it('has the points of scikit-learn', () => {
    const curve = precisionRecallCurve(labels, scores)!;
    expect(curve.map(({ threshold }) => threshold)).toEqual(close(expected.precisionRecall.threshold));
    expect(curve.map(({ precision }) => precision)).toEqual(close(expected.precisionRecall.precision));
    expect(curve.map(({ recall }) => recall)).toEqual(close(expected.precisionRecall.recall));
  });

  it('is null without positives', () => {
    expect(precisionRecallCurve([0, 0], [1, 2])).toBeNull();
    expect(gainCurve([0, 0], [1, 2])).toBeNull();
  });
});

describe('gainCurve', () => {
  it('finds as the ROC curve does, against all images', () => {
    const gains = gainCurve(labels, scores)!;
    const prevalence = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    rocCurve(labels, scores)!.forEach(({ tpr, fpr, threshold }, index) => {
      expect(gains[index]!.gain).toBe(tpr);
      expect(gains[index]!.threshold).toBe(threshold);
      expect(gains[index]!.examined).toBeCloseTo(tpr * prevalence + fpr * (1 - prevalence), 12);
    });
    expect(gains[0]!.lift).toBeNull();
    expect(gains.at(-1)).toMatchObject({ examined: 1, gain: 1, lift: 1 });
  });
});

describe('decisionCurve', () => {
  it.each([
    ['data', {}],
    ['tenPercent', { prevalence: 0.1 }],
  ] as const)('agrees with dcurves (%s)', (name, options) => {
    const { thresholds } = expected.decision;
    const curve = decisionCurve(labels, scores, { thresholds, ...options })!;
    expect(curve.map(({ netBenefit }) => netBenefit)).toEqual(close(expected.decision[name].model));
    expect(curve.map(({ treatAll }) => treatAll)).toEqual(close(expected.decision[name].all));
  });

  it('has 99 points unless asked for others, and none with one class', () => {
    expect(decisionCurve(labels, scores)).toHaveLength(99);
    expect(decisionCurve([1, 1], [0.5, 0.6])).toBeNull();
    expect(() => decisionCurve(labels, scores, { thresholds: [0.5, 1] })).toThrow(
      /`thresholds\[1\]` must be/,
    );
  });
});

describe('likelihoodRatios', () => {
  it('agree with scikit-learn, and their intervals with statsmodels', () => {
    const { positive, negative } = likelihoodRatios(expected.matrix);
    expect([positive!.value, negative!.value]).toEqual(close(expected.likelihoodRatios.values));
    expect(positive!.interval).toEqual(close(expected.likelihoodRatios.positive));
    expect(negative!.interval).toEqual(close(expected.likelihoodRatios.negative));
  });

  it('are null where they are undefined, and without interval where they are 0', () => {
    expect(
      likelihoodRatios([
        [5, 0],
        [1, 4],
      ]),
    ).toMatchObject({ positive: null });
    expect(
      likelihoodRatios([
        [5, 1],
        [0, 4],
      ]).negative,
    ).toEqual({ value: 0, interval: null });
    expect(
      likelihoodRatios([
        [5, 1],
        [0, 0],
      ]),
    ).toEqual({ positive: null, negative: null });
  });
});

describe('predictiveValues', () => {
  it('are those of the data at the prevalence of the data', () => {
    const point = operatingPoint(labels, scores, 0.5);
    const prevalence = labels.reduce((sum, label) => sum + label, 0) / labels.length;
    const { ppv, npv, numberNeededToEvaluate } = predictiveValues(point, prevalence);
    expect(ppv).toBeCloseTo(point.ppv!, 12);
    expect(npv).toBeCloseTo(point.npv!, 12);
    expect(numberNeededToEvaluate).toBeCloseTo(1 / point.ppv!, 12);
  });

  it('agree with odds times likelihood ratio elsewhere', () => {
    const [[tn, fp], [fn, tp]] = expected.matrix as [[number, number], [number, number]];
    const point = { sensitivity: tp / (tp + fn), specificity: tn / (tn + fp) };
    const { positive, negative } = likelihoodRatios(expected.matrix);
    const { ppv, npv, numberNeededToTest } = predictiveValues(point, 0.05);
    const odds = 0.05 / 0.95;
    expect(ppv! / (1 - ppv!)).toBeCloseTo(odds * positive!.value, 10);
    expect((1 - npv!) / npv!).toBeCloseTo(odds * negative!.value, 10);
    expect(numberNeededToTest).toBeCloseTo(1 / (0.05 * point.sensitivity), 10);
  });

  it('are null for a model that never alarms, and need a point and a prevalence', () => {
    const never = predictiveValues({ sensitivity: 0, specificity: 1 }, 0.2);
    expect(never).toMatchObject({
      ppv: null,
      npv: 0.8,
      numberNeededToTest: null,
      numberNeededToEvaluate: null,
    });
    expect(() => predictiveValues({ sensitivity: null, specificity: 1 }, 0.2)).toThrow(/undefined without/);
    expect(() => predictiveValues({ sensitivity: 1, specificity: 1 }, 5)).toThrow(/`prevalence` must be/);
  });
});

describe('cohenKappa', () => {
  it('agrees with scikit-learn for all weights', () => {
    const weights = ['none', 'linear', 'quadratic'] as const;
    const values = weights.map((name) => cohenKappa(expected.kappa.matrix, { weights: name })!);
    expect(values).toEqual(close(expected.kappa.values));
  });

  it('is null where nothing but one class occurs', () => {
    expect(
      cohenKappa([
        [4, 0],
        [0, 0],
      ]),
    ).toBeNull();
  });
});
