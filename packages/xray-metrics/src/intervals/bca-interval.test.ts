import { describe, expect, it } from 'vitest';
import { randomPredictions } from '../__fixtures__/random-predictions.js';
import { readStatistics } from '../__fixtures__/read-statistics.js';
import { mean } from '../statistics/mean.js';
import { bcaInterval, jackknifeClusters } from './bca-interval.js';
import { bootstrapInterval } from './bootstrap-interval.js';
import { singleClusters } from './clusters.js';

interface BcaCase {
  readonly value: number;
  readonly sorted: readonly number[];
  readonly jackknife: readonly number[];
  readonly interval: readonly [number, number];
}

describe('bcaInterval', () => {
  it.each(readStatistics<BcaCase[]>('bca').map((one, index) => [index, one] as const))(
    'agrees with SciPy on the same resamples (%i)',
    (_, { value, sorted, jackknife, interval }) => {
      const actual = bcaInterval(value, Float64Array.from(sorted), jackknife, 0.025)!;
      expect(actual[0]).toBeCloseTo(interval[0], 9);
      expect(actual[1]).toBeCloseTo(interval[1], 9);
    },
  );

  it('gives up where all resamples lie on one side', () => {
    expect(bcaInterval(3, Float64Array.of(1, 2), [1, 2, 3], 0.025)).toBeNull();
  });
});

describe('jackknifeClusters', () => {
  it('leaves out parts of a thousand when there are more clusters', () => {
    const values = Float64Array.from({ length: 2500 }, (_, image) => image % 1000);
    const compute = (weights: Uint32Array) => ({ count: weights.reduce((sum, one) => sum + one, 0) });
    const counts = jackknifeClusters(compute, singleClusters(values.length), values.length).get('count')!;
    expect([counts.length, counts[0], counts[999]]).toEqual([1000, 2497, 2498]);
  });
});

describe('bootstrapInterval', () => {
  const predictions = randomPredictions({ seed: 4, size: 150, classCount: 2 });

  it('gives the same for the name of a metric and for a function that computes it', async () => {
    const options = { seed: 3, resamples: 200, method: 'bca' } as const;
    const named = await bootstrapInterval(predictions, 'brier', options);
    const brier: Parameters<typeof bootstrapInterval>[1] = ({ labels, probabilities }) =>
      mean(Array.from(labels, (label, image) => (1 - probabilities[2 * image]! - label) ** 2));
    const own = await bootstrapInterval(predictions, brier, options);
    expect(own!.value).toBeCloseTo(named!.value, 12);
    expect(own!.interval![0]).toBeCloseTo(named!.interval![0], 12);
    expect(own!.interval![1]).toBeCloseTo(named!.interval![1], 12);
  });

  it('has no interval where nothing varies, and nothing where the metric is undefined', async () => {
    const options = { seed: 3, resamples: 100 };
    expect(await bootstrapInterval(predictions, () => 0.5, options)).toEqual({ value: 0.5, interval: null });
    expect(await bootstrapInterval(predictions, () => null, options)).toBeNull();
  });

  it('refuses metrics that do not exist', async () => {
    await expect(bootstrapInterval(predictions, 'auc' as 'auroc', { seed: 1 })).rejects.toThrow(
      /`metric` must be a function of predictions, or one of accuracy, argmaxAccuracy, auroc,.*Received: "auc"/,
    );
  });
});
