import { describe, expect, it } from 'vitest';
import { createRandom, type Evaluation, type ThresholdRule } from 'xray-core';
import { randomPredictions, takeImages } from '../__fixtures__/random-predictions.js';
import { predictionsOf, readScikitLearn } from '../__fixtures__/read-scikit-learn.js';
import { evaluatePredictions } from './evaluate-predictions.js';

const PREDICTIONS = randomPredictions({ seed: 1, size: 200, classCount: 3 });

/** Paths of everything that JSON cannot hold. */
function notJson(value: unknown, path: string): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [path];
  if (value === null || typeof value === 'string') return [];
  if (typeof value !== 'object') return [path];
  return Object.entries(value).flatMap(([name, inner]) => notJson(inner, `${path}.${name}`));
}

describe('evaluatePredictions', () => {
  it('has exactly the fields of `Evaluation`, 0.5 and no intervals by default', async () => {
    const evaluation = await evaluatePredictions(PREDICTIONS);
    expect(Object.keys(evaluation).sort()).toEqual(
      [
        ...[
          'accuracy',
          'argmaxAccuracy',
          'atHalf',
          'auroc',
          'aurocDelong',
          'aurocMacro',
          'averagePrecision',
          'balancedAccuracy',
        ],
        ...[
          'brier',
          'calibration',
          'classNames',
          'confusionMatrix',
          'f1',
          'intervalMethod',
          'intervals',
          'logLoss',
          'macro',
          'mcc',
        ],
        ...['npv', 'patientCount', 'perClass', 'ppv', 'sampleCount', 'sensitivity', 'specificity'],
        ...['threshold', 'thresholdFrom', 'thresholdRule', 'weighted'],
      ].sort(),
    );
    expect(evaluation).toMatchObject({
      sampleCount: 200,
      patientCount: null,
      threshold: 0.5,
      thresholdRule: 'half',
      thresholdFrom: null,
      intervals: {},
      intervalMethod: null,
    });
    const { threshold, sensitivity, specificity, ppv, npv, f1, mcc, balancedAccuracy } = evaluation;
    expect(evaluation.atHalf).toEqual({
      ...{ threshold, sensitivity, specificity, ppv, npv, f1, mcc, balancedAccuracy },
    });
  });

  it('survives JSON unchanged, without NaN, for every degenerate case', async () => {
    for (const one of readScikitLearn().cases.filter(({ labels }) => labels.length <= 12)) {
      const evaluation = await evaluatePredictions(predictionsOf(one), {
        intervals: { seed: 1, resamples: 100 },
      });
      expect(notJson(evaluation, 'evaluation')).toEqual([]);
      expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
    }
  });

  it('does not depend on the order of the images', async () => {
    const shuffled = takeImages(PREDICTIONS, createRandom(2).shuffle([...PREDICTIONS.labels.keys()]));
    const {
      brier,
      logLoss,
      calibration: _,
      aurocDelong: __,
      ...expected
    } = await evaluatePredictions(PREDICTIONS);
    const actual = await evaluatePredictions(shuffled);
    expect(actual).toMatchObject(expected);
    expect(actual.brier).toBeCloseTo(brier, 14); // sums of fractions round differently
    expect(actual.logLoss).toBeCloseTo(logLoss, 14);
  });

  it('carries the threshold and where it comes from', async () => {
    const chosen = await evaluatePredictions(PREDICTIONS, { threshold: 0.25, thresholdRule: 'youden' });
    expect(chosen).toMatchObject({ threshold: 0.25, thresholdRule: 'youden', thresholdFrom: 'validation' });
    expect(chosen.sensitivity!).toBeGreaterThan(chosen.atHalf.sensitivity!);
    expect(chosen.atHalf.threshold).toBe(0.5);
    expect(
      await evaluatePredictions(PREDICTIONS, {
        threshold: 0.25,
        thresholdRule: 'youden',
        thresholdFrom: 'bundle',
      }),
    ).toMatchObject({ thresholdFrom: 'bundle' });
  });
});

describe('the intervals of evaluatePredictions', () => {
  it('agree with a plain cluster bootstrap on scikit-learn', async () => {
    const { bootstrap } = readScikitLearn();
    const predictions = { ...predictionsOf(bootstrap), patientIds: bootstrap.patients.map(String) };
    const { intervals: found, patientCount } = await evaluatePredictions(predictions, {
      intervals: { seed: 1, resamples: 3000 },
    });
    expect(patientCount).toBe(new Set(bootstrap.patients).size);
    // Its accuracy is that of the most probable class.
    const { argmaxAccuracy: accuracy, ...rest } = found;
    const intervals: Evaluation['intervals'] = { ...rest, accuracy: accuracy! };
    expect(Object.keys(intervals).sort()).toEqual(Object.keys(bootstrap.intervals).sort());
    for (const [name, [low, high]] of Object.entries(bootstrap.intervals)) {
      // Both are random; the edges of 3,000 resamples scatter by about 1/25 of the width.
      const tolerance = 0.12 * (high - low);
      expect(Math.abs(intervals[name]![0] - low), `${name} low`).toBeLessThan(tolerance);
      expect(Math.abs(intervals[name]![1] - high), `${name} high`).toBeLessThan(tolerance);
    }
  });

  it('hold every number, and name the method', async () => {
    const evaluation = await evaluatePredictions(PREDICTIONS, { intervals: { seed: 4 } });
    expect(evaluation.intervalMethod).toBe(
      '95 % percentile bootstrap over images (patients unknown), 1000 resamples, seed 4; exact binomial where a share is 0 or 1',
    );
    for (const [name, [low, high]] of Object.entries(evaluation.intervals)) {
      const value = evaluation[name as keyof Evaluation] as number;
      expect(low, name).toBeLessThan(value);
      expect(high, name).toBeGreaterThan(value);
    }
  });

  it('are wider when images of a patient are copies', async () => {
    const copies = takeImages(
      PREDICTIONS,
      Array.from({ length: 800 }, (_, image) => image >> 2),
    );
    const measure = async (patientIds?: string[]) =>
      (await evaluatePredictions({ ...copies, patientIds }, { intervals: { seed: 1 } })).intervals;
    const byImage = await measure();
    const byPatient = await measure(copies.ids.map((id) => id));
    for (const name of ['accuracy', 'auroc', 'sensitivity', 'specificity', 'brier']) {
      const ratio = (byPatient[name]![1] - byPatient[name]![0]) / (byImage[name]![1] - byImage[name]![0]);
      expect(ratio, name).toBeGreaterThan(1.7); // 2 in theory
      expect(ratio, name).toBeLessThan(2.3);
    }
  });

  it('are missing where the number is undefined, and altogether with one patient', async () => {
    const negatives = takeImages(
      PREDICTIONS,
      [...PREDICTIONS.labels.keys()].filter((image) => PREDICTIONS.labels[image] === 0),
    );
    const evaluation = await evaluatePredictions(negatives, { intervals: { seed: 1 } });
    expect(evaluation).toMatchObject({ auroc: null, sensitivity: null });
    expect(evaluation.intervals).not.toHaveProperty('auroc');
    expect(evaluation.intervals).not.toHaveProperty('sensitivity');
    expect(evaluation.intervals).toHaveProperty('specificity');
    const ofOne = { ...negatives, patientIds: negatives.ids.map(() => 'p1') };
    expect(await evaluatePredictions(ofOne, { intervals: { seed: 1 } })).toMatchObject({
      patientCount: 1,
      intervals: {},
      intervalMethod: null,
    });
  });
});

describe('the errors of evaluatePredictions', () => {
  it.each([
    [
      { threshold: 0.3 },
      /`threshold` must be 0.5 for the rule 'half'. Received: 0.3.*thresholdRule: 'youden'/,
    ],
    [
      { thresholdRule: 'youden' },
      /`threshold` must be a number in \[0, 1\].*Received: undefined.*chooseThreshold/,
    ],
    [{ thresholdRule: 'youden', threshold: 1.5 }, /`threshold` must be a number in \[0, 1\].*Received: 1.5/],
    [
      { thresholdRule: 'youden', threshold: 0.3, thresholdFrom: null },
      /`thresholdFrom` must be 'validation' or/,
    ],
    [
      { thresholdRule: 'best' as ThresholdRule },
      /`thresholdRule` must be half, youden, youden-under-shifts.*Received: "best"/,
    ],
    [
      { patientIds: ['p1'] } as object,
      /`patientIds` must be left out: evaluatePredictions has no such option/,
    ],
    [{ intervals: { seed: 1, resamples: 1.5 } }, /`intervals.resamples` must be an integer of at least 100/],
    [{ intervals: { seed: 0.5 } }, /`seed` must be a safe integer/],
  ] as const)('%o', async (options, message) => {
    await expect(evaluatePredictions(PREDICTIONS, options)).rejects.toThrow(message);
  });

  it('name a list of patients of another length', async () => {
    await expect(evaluatePredictions({ ...PREDICTIONS, patientIds: ['p1'] })).rejects.toThrow(
      /`predictions\.patientIds` must be 200 values, 1 for each of the 200 labels/,
    );
  });
});
