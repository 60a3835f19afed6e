import { describe, expect, it } from 'vitest';
import { createRandom, type ProgressEvent } from 'xray-core';
import { mean } from '../statistics/mean.js';
import { type BootstrapOptions, bootstrapIntervals } from './bootstrap-intervals.js';
import { clustersOf, singleClusters } from './clusters.js';
import { wilsonInterval } from './wilson-interval.js';

async function intervalOfMean(
  values: Float64Array,
  clusters: Uint32Array,
  options: Partial<BootstrapOptions> = {},
) {
  const compute = (weights: Uint32Array) => ({ mean: mean(values, weights) });
  const intervals = await bootstrapIntervals(compute, clusters, 0.025, {
    seed: 3,
    resamples: 2000,
    ...options,
  });
  return intervals.mean!;
}

const width = ([low, high]: readonly [number, number]): number => high - low;

describe('bootstrapIntervals', () => {
  it.each([
    { size: 624, share: 0.9 },
    { size: 624, share: 0.5 },
    { size: 200, share: 0.8 },
  ])('agrees with the Wilson interval for $share of $size independent images', async ({ size, share }) => {
    const values = Float64Array.from({ length: size }, (_, image) => (image < share * size ? 1 : 0));
    const [low, high] = await intervalOfMean(values, singleClusters(size));
    const [expectedLow, expectedHigh] = wilsonInterval(share * size, size);
    expect(Math.abs(low - expectedLow)).toBeLessThan(0.008);
    expect(Math.abs(high - expectedHigh)).toBeLessThan(0.008);
  });

  it('covers the truth about 95 times in 100', async () => {
    const random = createRandom(11);
    let covered = 0;
    for (let study = 0; study < 300; study++) {
      const values = Float64Array.from({ length: 150 }, () => (random.uniform() < 0.8 ? 1 : 0));
      const [low, high] = await intervalOfMean(values, singleClusters(150), { resamples: 300 });
      if (low <= 0.8 && 0.8 <= high) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.9); // 3.5 standard errors below 0.945
    expect(covered / 300).toBeLessThan(0.985);
  });

  it('learns nothing from copies: four images of every patient are as good as one', async () => {
    const random = createRandom(5);
    const patients = Float64Array.from({ length: 150 }, () => (random.uniform() < 0.8 ? 1 : 0));
    const copies = Float64Array.from({ length: 600 }, (_, image) => patients[image >> 2]!);
    const byPatient = Uint32Array.from({ length: 600 }, (_, image) => image >> 2);
    expect(await intervalOfMean(copies, byPatient)).toEqual(
      await intervalOfMean(patients, singleClusters(150)),
    );
    // Ignoring patients would claim half the width.
    expect(
      width(await intervalOfMean(copies, byPatient)) /
        width(await intervalOfMean(copies, singleClusters(600))),
    ).toBeCloseTo(2, 0);
  });

  it('leaves out resamples in which a number is undefined, and numbers that never are defined', async () => {
    const values = Float64Array.of(1, 2, 3);
    // Defined only if the first image was drawn.
    const compute = (weights: Uint32Array) => ({
      never: null,
      sometimes: weights[0] === 0 ? null : mean(values, weights),
    });
    const options = { seed: 1, resamples: 500 };
    const intervals = await bootstrapIntervals(compute, singleClusters(3), 0.025, options);
    expect(Object.keys(intervals)).toEqual(['sometimes']);
    expect(intervals.sometimes![0]).toBe(1);
    expect(intervals.sometimes![1]).toBeLessThan(3);
  });

  it('draws the same for the same seed, something else for another', async () => {
    const values = Float64Array.from({ length: 50 }, (_, image) => Math.sqrt(image));
    const draw = (seed: number) => intervalOfMean(values, singleClusters(50), { seed, resamples: 100 });
    expect(await draw(1)).toEqual(await draw(1));
    expect(await draw(1)).not.toEqual(await draw(2));
  });

  it('hands out weights that add up to whole clusters', async () => {
    const clusters = Uint32Array.of(0, 1, 1, 2, 2, 2);
    const check = (weights: Uint32Array) => {
      expect(weights[1]).toBe(weights[2]);
      expect(new Set(weights.subarray(3)).size).toBe(1);
      expect(weights[0]! + weights[1]! + weights[3]!).toBe(3);
      return {};
    };
    await bootstrapIntervals(check, clusters, 0.025, { seed: 1, resamples: 100 });
  });

  it.each(['percentile', 'bca'] as const)('has no interval for a single cluster (%s)', async (method) => {
    const compute = () => ({ accuracy: 1 });
    expect(
      await bootstrapIntervals(compute, Uint32Array.of(0, 0), 0.025, { seed: 1, resamples: 100, method }),
    ).toEqual({});
  });

  it('reports progress and stops at a signal that fires meanwhile', async () => {
    const events: ProgressEvent[] = [];
    const controller = new AbortController();
    const slow = (weights: Uint32Array) => {
      const until = performance.now() + 2;
      while (performance.now() < until);
      return { mean: weights[0]! };
    };
    setTimeout(() => controller.abort(new Error('enough')), 100);
    await expect(
      bootstrapIntervals(slow, singleClusters(3), 0.025, {
        seed: 1,
        resamples: 10_000,
        signal: controller.signal,
        onProgress: (event) => events.push(event),
      }),
    ).rejects.toMatchObject({ code: 'aborted' });
    expect(events.at(-1)).toMatchObject({ type: 'resample', total: 10_000 });
    await bootstrapIntervals(() => ({}), singleClusters(3), 0.025, {
      seed: 1,
      resamples: 100,
      onProgress: (event) => events.push(event),
    });
    expect(events.at(-1)).toEqual({ type: 'resample', done: 100, total: 100 });
  });

  it.each([
    [{ resamples: 10 }, '`resamples` must be an integer of at least 100. Received: 10.'],
    [{ method: 'other' as 'bca' }, "`method` must be 'percentile' or 'bca'. Received: \"other\"."],
  ])('refuses %o', async (options, message) => {
    const work = bootstrapIntervals(() => ({}), singleClusters(2), 0.025, { seed: 1, ...options });
    await expect(work).rejects.toThrow(message);
  });
});

describe('clustersOf', () => {
  it('numbers patients as they come', () => {
    expect([...clustersOf(['p7', 'p1', 'p7', 'p2'])]).toEqual([0, 1, 0, 2]);
  });
});
