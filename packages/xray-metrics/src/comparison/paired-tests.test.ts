import { describe, expect, it } from 'vitest';
import { createRandom, type Predictions } from 'xray-core';
import { randomPredictions, takeImages } from '../__fixtures__/random-predictions.js';
import { labelsOf, readStatistics } from '../__fixtures__/read-statistics.js';
import { alignPredictions } from '../predictions/align-predictions.js';
import { pneumoniaScores, predictedLabels, twoClassLabels } from '../two-class-view.js';
import { bootstrapTest } from './bootstrap-test.js';
import { delongTest } from './delong-test.js';
import { holmCorrection } from './holm-correction.js';
import { mcnemarTest } from './mcnemar-test.js';
import { permutationTest } from './permutation-test.js';

interface Comparisons {
  readonly mcnemar: readonly { counts: readonly number[]; exact: number; midP: number }[];
  readonly holm: readonly { pValues: readonly number[]; adjusted: readonly number[] }[];
  readonly permutation: { labels: string; first: number[]; second: number[]; pValue: number };
}

const { mcnemar, holm, permutation } = readStatistics<Comparisons>('comparisons');

const predictionsOf = (labels: Int32Array, scores: ArrayLike<number>): Predictions => ({
  ids: Array.from(labels, (_, image) => `image-${image}`),
  classNames: ['class-0', 'class-1'],
  labels,
  probabilities: Float32Array.from(
    Array.from(labels, (_, image) => [1 - scores[image]!, scores[image]!]).flat(),
  ),
});

/** Two models on the same images, the second with noise added to the logits of the first. */
function createPair(seed: number, size: number, noise: number) {
  const first = randomPredictions({ seed, size, classCount: 2, signal: 1.5 });
  const random = createRandom(seed + 1);
  const scores = pneumoniaScores(first).map((score) => {
    const logit = Math.log(score / (1 - score)) + random.normal(0, noise);
    return 1 / (1 + Math.exp(-logit));
  });
  return { first, second: { ...first, probabilities: predictionsOf(first.labels, scores).probabilities } };
}

describe('mcnemarTest', () => {
  it.each(mcnemar)('agrees with statsmodels and SciPy for $counts', ({ counts, exact, midP }) => {
    const [both, onlyFirst, onlySecond, neither] = counts as [number, number, number, number];
    const count = both + onlyFirst + onlySecond + neither;
    const labels = new Int32Array(count).fill(1);
    const first = labels.map((_, image) => (image < both + onlyFirst ? 1 : 0));
    const second = labels.map((_, image) =>
      image < both || (image >= both + onlyFirst && image < both + onlyFirst + onlySecond) ? 1 : 0,
    );
    const test = mcnemarTest(labels, first, second);
    expect(test).toMatchObject({ onlyFirst, onlySecond, first: (both + onlyFirst) / count });
    expect(test.pValue / midP).toBeCloseTo(1, 9);
    expect(mcnemarTest(labels, first, second, { method: 'exact' }).pValue / exact).toBeCloseTo(1, 9);
  });

  it.each([
    [[[0], [0, 1], [0]], /`firstPredicted` must be 1 values/],
    [[[0], [0.5], [0]], /`firstPredicted\[0\]` must be a class index/],
    [[[0], [0], [0], { method: 'chi' }], /`method` must be 'mid-p' or 'exact'/],
  ])('refuses %j', (parameters, message) => {
    expect(() => mcnemarTest(...(parameters as Parameters<typeof mcnemarTest>))).toThrow(message);
  });
});

describe('holmCorrection', () => {
  it.each(holm)('agrees with statsmodels for $pValues', ({ pValues, adjusted }) => {
    expect(holmCorrection(pValues)).toEqual(adjusted.map((value) => expect.closeTo(value, 12)));
  });

  it('refuses what is no p-value', () => {
    expect(() => holmCorrection([0.1, 1.2])).toThrow(/`pValues\[1\]` must be a number in \[0, 1\]/);
  });
});

describe('permutationTest', () => {
  it("comes to SciPy's exact p-value with many exchanges", async () => {
    const labels = labelsOf(permutation.labels);
    const [first, second] = [permutation.first, permutation.second].map((values) =>
      predictionsOf(
        labels,
        values.map((value) => value / 1000),
      ),
    ) as [Predictions, Predictions];
    const test = await permutationTest(first, second, 'brier', { seed: 1, resamples: 20_000 });
    expect(Math.abs(test.pValue - permutation.pValue)).toBeLessThan(0.015); // 4 standard errors
  });

  it('exchanges decisions, not scores, where the models have thresholds of their own', async () => {
    const { first } = createPair(5, 80, 0);
    // The same model on another scale, with a threshold that makes the same decisions.
    const squared = pneumoniaScores(first).map((score) => score ** 2);
    const second = predictionsOf(first.labels, squared);
    const test = await permutationTest(first, second, 'sensitivity', {
      seed: 1,
      resamples: 200,
      firstThreshold: 0.5,
      secondThreshold: 0.25,
    });
    expect(test).toMatchObject({ difference: 0, pValue: 1 });
  });
});

describe('bootstrapTest', () => {
  it('agrees with DeLong about the difference of two AUROCs', async () => {
    const { first, second } = createPair(8, 400, 1.5);
    const delong = delongTest(twoClassLabels(first), pneumoniaScores(first), pneumoniaScores(second))!;
    for (const method of ['percentile', 'bca'] as const) {
      const test = await bootstrapTest(first, second, 'auroc', { seed: 2, resamples: 2000, method });
      expect(test.difference).toBeCloseTo(delong.difference, 14);
      const width = delong.interval![1] - delong.interval![0];
      expect(Math.abs(test.interval![0] - delong.interval![0])).toBeLessThan(0.1 * width);
      expect(Math.abs(test.interval![1] - delong.interval![1])).toBeLessThan(0.1 * width);
      expect(test.pValue! < 0.05).toBe(delong.pValue! < 0.05);
    }
  });

  it('learns nothing from copies of images of the same patients', async () => {
    const { first, second } = createPair(9, 60, 1);
    const twice = Array.from({ length: 120 }, (_, index) => index >> 1);
    const ids = twice.map((image, index) => `${image}-${index}`);
    const patientIds = twice.map(String);
    const repeat = (one: Predictions) => ({ ...takeImages(one, twice), ids, patientIds });
    const options = { seed: 2, resamples: 300 };
    const plain = await bootstrapTest(first, second, 'auroc', options);
    const clustered = await bootstrapTest(repeat(first), repeat(second), 'auroc', options);
    expect(clustered.interval![0]).toBeCloseTo(plain.interval![0], 12);
    expect(clustered.pValue).toBe(plain.pValue);
  });

  it('says that a model does not differ from itself', async () => {
    const { first } = createPair(10, 40, 0);
    const options = { seed: 2, resamples: 100 };
    const test = await bootstrapTest(first, first, ({ labels }) => labels.length, options);
    expect(test).toMatchObject({ difference: 0, pValue: 1, interval: null });
  });

  it('refuses other images and metrics that are undefined', async () => {
    const { first, second } = createPair(11, 30, 1);
    const shuffled = takeImages(second, [...second.labels.keys()].reverse());
    await expect(bootstrapTest(first, shuffled, 'auroc', { seed: 1 })).rejects.toThrow(
      /`second` must be predictions of the same images.*alignPredictions/,
    );
    await expect(bootstrapTest(first, second, () => null, { seed: 1 })).rejects.toThrow(
      /`metric` must be a metric that is defined for both models/,
    );
    const wrong = { seed: 1, secondThreshold: 2 };
    await expect(bootstrapTest(first, second, 'auroc', wrong)).rejects.toThrow(/`secondThreshold` must be/);
  });
});

describe('alignPredictions', () => {
  const { first, second } = createPair(12, 30, 1);

  it('brings the second into the order of the first', () => {
    const shuffled = takeImages(second, createRandom(1).shuffle([...second.labels.keys()]));
    const aligned = alignPredictions(first, shuffled);
    expect(aligned.ids).toEqual(first.ids);
    expect([...predictedLabels(aligned)]).toEqual([...predictedLabels(second)]);
    expect(aligned.probabilities).toEqual(second.probabilities);
  });

  it.each([
    [takeImages(second, [0, 1]), /`second.ids` must be the 30 images of the first predictions/],
    [{ ...second, ids: second.ids.map((id) => `x${id}`) }, /`second.ids` must be a list with image-0/],
    [takeImages(second, [0, ...second.labels.keys()].slice(0, 30)), /every id occurs once.*image-0/],
    [{ ...second, labels: second.labels.map((label) => 1 - label) }, /`second.labels\[0\]` must be/],
    [{ ...second, classNames: ['a', 'b'] }, /must have the classes \[class-0, class-1\]/],
  ])('refuses other images (%#)', (other, message) => {
    expect(() => alignPredictions(first, other)).toThrow(message);
  });
});
