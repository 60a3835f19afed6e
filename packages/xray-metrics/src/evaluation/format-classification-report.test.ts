import { describe, expect, it } from 'vitest';
import { predictionsOf, readScikitLearn } from '../__fixtures__/read-scikit-learn.js';
import { classificationScores, confusionMatrix, predictedLabels } from '../index.js';
import { evaluatePredictions } from './evaluate-predictions.js';
import { formatClassificationReport } from './format-classification-report.js';

describe('formatClassificationReport', () => {
  it('begins with the very text of scikit-learn', async () => {
    const { report } = readScikitLearn();
    const predictions = predictionsOf(report, report.classNames);
    const { labels, classNames } = predictions;
    // scikit-learn was given the most probable class.
    const matrix = confusionMatrix(labels, predictedLabels(predictions), classNames.length);
    const text = formatClassificationReport({
      ...(await evaluatePredictions(predictions)),
      ...classificationScores(matrix),
    });
    const [title, , ...lines] = text.split('\n');
    expect(title).toBe(
      'Decision: bacterial or viral from a score of 0.500 on, the most probable of them; normal below',
    );
    expect(lines.join('\n').startsWith(report.text)).toBe(true);
  });

  it('prints numbers with their intervals and the confusion matrix', async () => {
    const evaluation = await evaluatePredictions({
      ids: ['a', 'b', 'c', 'd'],
      classNames: ['normal', 'pneumonia'],
      labels: Int32Array.of(0, 0, 1, 1),
      probabilities: Float32Array.of(0.875, 0.125, 0.25, 0.75, 0.125, 0.875, 0.25, 0.75),
    });
    const text = formatClassificationReport({
      ...evaluation,
      threshold: 0.6,
      thresholdRule: 'youden',
      thresholdFrom: 'validation',
      intervals: { auroc: [0.5, 1] },
      intervalMethod: 'made up',
    });
    expect(text.split('\n').slice(11)).toEqual([
      'All 2 classes',
      '         accuracy   0.750',
      ' accuracy, argmax   0.750',
      'AUROC one-vs-rest   0.875',
      '         log loss   0.485', // -(2 ln 7/8 + ln 1/4 + ln 3/4) / 4
      '',
      'pneumonia against normal, threshold 0.600 (youden, from validation)',
      '            AUROC   0.875  [0.500, 1.000]',
      'average precision   0.833',
      '      sensitivity   1.000',
      '      specificity   0.500',
      '              PPV   0.667',
      '              NPV   1.000',
      '               F1   0.800',
      '              MCC   0.577',
      'balanced accuracy   0.750',
      '      Brier score   0.164',
      '',
      'Intervals: made up.',
      '',
      'Confusion matrix (rows: truth, columns: prediction)',
      '              normal  pneumonia',
      '   normal          1          1',
      'pneumonia          0          2',
      '',
      'Research only, not a medical device.',
    ]);
  });

  it('says over how many copies of each image was averaged', async () => {
    const predictions = {
      ids: ['a', 'b'],
      classNames: ['normal', 'pneumonia'],
      labels: Int32Array.of(0, 1),
      probabilities: Float32Array.of(1, 0, 0, 1),
      testTimeAugmentation: { name: 'chest-xray', copies: 9, seed: 7 },
    };
    const evaluation = await evaluatePredictions(predictions);
    expect(evaluation.testTimeAugmentation).toEqual({ name: 'chest-xray', copies: 9, seed: 7 });
    expect(formatClassificationReport(evaluation)).toContain(
      'Averaged over 9 copies of each image (chest-xray).',
    );
  });

  it('prints a dash where a number is undefined', async () => {
    const text = formatClassificationReport(
      await evaluatePredictions({
        ids: ['a'],
        classNames: ['normal', 'bacterial', 'viral'],
        labels: Int32Array.of(0),
        probabilities: Float32Array.of(1, 0, 0),
      }),
    );
    expect(text).toContain('       viral          -         -         -         0\n');
    expect(text).toContain('            AUROC       -\n');
    expect(text).toContain('bacterial or viral against normal, threshold 0.500 (half)\n');
    expect(text).not.toMatch(/NaN|null|undefined/);
  });
});
