import { describe, expect, it } from 'vitest';
import { createRandom } from 'xray-core';
import { mean } from '../statistics/mean.js';
import { bootstrapIntervals, clustersOf } from './bootstrap.js';

/** Wilson's 95 % interval of a proportion (1927, doi:10.1080/01621459.1927.10502953). */
function wilson(share: number, size: number): [number, number] {
  const z = 1.959963984540054;
  const center = (share + z ** 2 / (2 * size)) / (1 + z ** 2 / size);
  const half = (z / (1 + z ** 2 / size)) * Math.sqrt((share * (1 - share)) / size + z ** 2 / (4 * size ** 2));
  return [center - half, center + half];
}

function intervalOfMean(values: Float64Array, clusters: Uint32Array, resamples = 2000) {
  const compute = (weights: Uint32Array) => ({ mean: mean(values, weights) });
  return bootstrapIntervals(compute, { clusters, seed: 3, resamples }).mean!;
}

const singles = (size: number): Uint32Array => Uint32Array.from({ length: size }, (_, image) => image);
const width = ([low, high]: readonly [number, number]): number => high - low;

describe('bootstrapIntervals', () => {
  it.each([
    { size: 624, share: 0.9 },
    { size: 624, share: 0.5 },
    { size: 200, share: 0.8 },
  ])('agrees with the Wilson interval for $share of $size independent images', ({ size, share }) => {
    const values = Float64Array.from({ length: size }, (_, image) => (image < share * size ? 1 : 0));
    const [low, high] = intervalOfMean(values, singles(size));
    const [expectedLow, expectedHigh] = wilson(mean(values)!, size);
    expect(Math.abs(low - expectedLow)).toBeLessThan(0.008);
    expect(Math.abs(high - expectedHigh)).toBeLessThan(0.008);
  });

  it('covers the truth about 95 times in 100', () => {
    const random = createRandom(11);
    let covered = 0;
    for (let study = 0; study < 300; study++) {
      const values = Float64Array.from({ length: 150 }, () => (random.uniform() < 0.8 ? 1 : 0));
      const [low, high] = intervalOfMean(values, singles(150), 300);
      if (low <= 0.8 && 0.8 <= high) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.9); // 3.5 standard errors below 0.945
    expect(covered / 300).toBeLessThan(0.985);
  });

  it('learns nothing from copies: four images of every patient are as good as one', () => {
    const random = createRandom(5);
    const patients = Float64Array.from({ length: 150 }, () => (random.uniform() < 0.8 ? 1 : 0));
    const copies = Float64Array.from({ length: 600 }, (_, image) => patients[image >> 2]!);
    const byPatient = Uint32Array.from({ length: 600 }, (_, image) => image >> 2);
    expect(intervalOfMean(copies, byPatient)).toEqual(intervalOfMean(patients, singles(150)));
    // Ignoring patients would claim half the width.
    expect(
      width(intervalOfMean(copies, byPatient)) / width(intervalOfMean(copies, singles(600))),
    ).toBeCloseTo(2, 0);
  });

  it('leaves out resamples in which a number is undefined, and numbers that never are defined', () => {
    const values = Float64Array.of(1, 2, 3);
    const intervals = bootstrapIntervals(
      (weights) => ({
        never: null,
        // Defined only if the first image was drawn.
        sometimes: weights[0] === 0 ? null : mean(values, weights),
      }),
      { clusters: singles(3), seed: 1, resamples: 500 },
    );
    expect(Object.keys(intervals)).toEqual(['sometimes']);
    expect(intervals.sometimes![0]).toBe(1);
    expect(intervals.sometimes![1]).toBeLessThan(3);
  });

  it('draws the same for the same seed, something else for another', () => {
    const values = Float64Array.from({ length: 50 }, (_, image) => Math.sqrt(image));
    const draw = (seed: number) =>
      bootstrapIntervals((weights) => ({ mean: mean(values, weights) }), {
        clusters: singles(50),
        seed,
        resamples: 100,
      });
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('hands out weights that add up to whole clusters', () => {
    const clusters = Uint32Array.of(0, 1, 1, 2, 2, 2);
    bootstrapIntervals(
      (weights) => {
        expect(weights[1]).toBe(weights[2]);
        expect(new Set(weights.subarray(3)).size).toBe(1);
        expect(weights[0]! + weights[1]! + weights[3]!).toBe(3);
        return {};
      },
      { clusters, seed: 1, resamples: 100 },
    );
  });

  it('has no interval for a single cluster', () => {
    expect(
      bootstrapIntervals(() => ({ accuracy: 1 }), {
        clusters: Uint32Array.of(0, 0),
        seed: 1,
        resamples: 100,
      }),
    ).toEqual({});
  });

  it('refuses too few resamples', () => {
    expect(() => bootstrapIntervals(() => ({}), { clusters: singles(2), seed: 1, resamples: 10 })).toThrow(
      '`intervals.resamples` must be an integer of at least 100. Received: 10. Pass `intervals: false` to do without intervals.',
    );
  });
});

describe('clustersOf', () => {
  it('numbers patients as they come', () => {
    expect([...clustersOf(['p7', 'p1', 'p7', 'p2'])]).toEqual([0, 1, 0, 2]);
  });
});
