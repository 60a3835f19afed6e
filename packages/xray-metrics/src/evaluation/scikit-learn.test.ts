import { describe, expect, it } from 'vitest';
import { predictionsOf, probabilitiesOf, readScikitLearn } from '../__fixtures__/read-scikit-learn.js';
import {
  accuracy,
  auroc,
  aurocOneVsRest,
  averagePrecision,
  balancedAccuracy,
  brier,
  chooseThreshold,
  classificationScores,
  confusionMatrix,
  evaluatePredictions,
  logLoss,
  mcc,
  operatingPoint,
  pneumoniaScores,
  predictedLabels,
  rocCurve,
  sensitivity,
  specificity,
  twoClassLabels,
} from '../index.js';

const { cases } = readScikitLearn();
const TOLERANCE = 1e-10;

/** Numbers within the tolerance, everything else (`null`, names, lengths) exactly. */
function expectClose(actual: unknown, expected: unknown, path: string): void {
  if (typeof expected === 'number' && typeof actual === 'number') {
    const isClose = Math.abs(actual - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
    if (!isClose) expect.fail(`${path} is ${actual}, scikit-learn has ${expected}`);
  } else if (Array.isArray(expected)) {
    expect(actual, path).toHaveLength(expected.length);
    expected.forEach((value, index) => {
      expectClose((actual as unknown[])[index], value, `${path}[${index}]`);
    });
  } else {
    expect(actual, path).toEqual(expected);
  }
}

describe('agreement with scikit-learn', () => {
  it('covers every kind of data it claims to cover', () => {
    expect(cases.length).toBeGreaterThanOrEqual(240);
    expect(new Set(cases.map(({ classCount }) => classCount))).toEqual(new Set([2, 3, 5]));
    expect(new Set(cases.map(({ kind }) => kind)).size).toBe(7);
    const sizes = cases.map(({ labels }) => labels.length);
    expect([Math.min(...sizes), Math.max(...sizes) > 150]).toEqual([1, true]);
    for (const name of ['auroc', 'aurocMacro', 'averagePrecision', 'youden', 'roc'] as const) {
      expect(cases.filter((one) => one[name] === null).length, `${name} undefined`).toBeGreaterThan(5);
      expect(cases.filter((one) => one[name] != null).length, `${name} defined`).toBeGreaterThan(80);
    }
  });

  it.each(cases.map((one, index) => [index, one.kind, one] as const))('case %i (%s)', (_, __, one) => {
    const predictions = predictionsOf(one);
    const { labels } = predictions;
    const predicted = predictedLabels(predictions);
    const matrix = confusionMatrix(labels, predicted, one.classCount);
    expect(matrix).toEqual(one.confusionMatrix);
    expectClose(accuracy(matrix), one.accuracy, 'accuracy');
    expectClose(mcc(matrix), one.mcc, 'mcc');

    const { perClass, macro, weighted } = classificationScores(matrix);
    for (const name of ['precision', 'recall', 'f1', 'support'] as const) {
      expectClose(
        perClass.map((scores) => scores[name]),
        one.classScores[name],
        name,
      );
    }
    expectClose([macro.precision, macro.recall, macro.f1], one.classScores.macro, 'macro');
    expectClose([weighted.precision, weighted.recall, weighted.f1], one.classScores.weighted, 'weighted');

    const truth = twoClassLabels(predictions);
    const scores = pneumoniaScores(predictions);
    const { threshold, ...point } = operatingPoint(truth, scores, one.threshold);
    expect(threshold).toBe(one.threshold);
    expect(Object.keys(point).sort()).toEqual(Object.keys(one.operatingPoint).sort());
    for (const [name, value] of Object.entries(point)) expectClose(value, one.operatingPoint[name], name);

    expectClose(auroc(truth, scores), one.auroc, 'auroc');
    expectClose(aurocOneVsRest(predictions), one.aurocMacro, 'aurocMacro');
    expectClose(averagePrecision(truth, scores), one.averagePrecision, 'averagePrecision');
    expectClose(brier(truth, scores), one.brier, 'brier');
    expectClose(logLoss(labels, probabilitiesOf(one), one.classCount), one.logLoss, 'logLoss');
    if (one.youden !== null) expectClose(chooseThreshold(predictions, 'youden'), one.youden, 'youden');
    if (one.roc !== undefined) {
      const points = rocCurve(truth, scores);
      expectClose(points?.map(({ fpr }) => fpr) ?? null, one.roc?.fpr ?? null, 'fpr');
      expectClose(points?.map(({ tpr }) => tpr) ?? null, one.roc?.tpr ?? null, 'tpr');
      const distinct = [...new Set(scores)].sort((left, right) => right - left);
      if (points) expect(points.map((point) => point.threshold)).toEqual([Infinity, ...distinct]);
    }
  });

  it('gives the same numbers through `evaluatePredictions`', async () => {
    for (const one of cases) {
      const evaluation = await evaluatePredictions(predictionsOf(one), {
        threshold: one.threshold,
        thresholdRule: 'youden',
      });
      expectClose(evaluation.argmaxAccuracy, one.accuracy, 'argmaxAccuracy');
      for (const name of ['auroc', 'aurocMacro', 'averagePrecision', 'brier'] as const) {
        expectClose(evaluation[name], one[name], name);
      }
      for (const [name, value] of Object.entries(one.operatingPoint)) {
        expectClose(evaluation[name as 'sensitivity'], value, name);
      }
      // The classes are those of the operating point, whatever the number of classes.
      const [[tn, ...fp], ...sick] = evaluation.confusionMatrix as [number[], ...number[][]];
      const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
      const fn = sum(sick.map(([missed]) => missed!));
      const twoClass = [
        [tn!, sum(fp)],
        [fn, sum(sick.flat()) - fn],
      ];
      expectClose(sensitivity(twoClass), one.operatingPoint.sensitivity, 'sensitivity of the matrix');
      expectClose(specificity(twoClass), one.operatingPoint.specificity, 'specificity of the matrix');
      expectClose(evaluation.accuracy, accuracy(evaluation.confusionMatrix), 'accuracy of the matrix');
    }
  });

  it('averages recall over all classes for the multi-class balanced accuracy', () => {
    const complete = cases.filter((one) => one.classScores.recall.every((value) => value !== null));
    expect(complete.length).toBeGreaterThan(100);
    for (const one of complete) {
      expectClose(balancedAccuracy(one.confusionMatrix), one.classScores.macro[1], 'balancedAccuracy');
    }
  });
});
