import { describe, expect, it } from 'vitest';
import { readStatistics } from '../__fixtures__/read-statistics.js';
import { clopperPearsonInterval } from './clopper-pearson-interval.js';
import { wilsonInterval } from './wilson-interval.js';

interface ProportionCase {
  readonly case: readonly [successes: number, trials: number, confidenceLevel: number];
  readonly wilson: readonly [number, number];
  readonly clopperPearson: readonly [number, number];
}

describe.each([
  ['wilsonInterval', wilsonInterval, 'wilson'],
  ['clopperPearsonInterval', clopperPearsonInterval, 'clopperPearson'],
] as const)('%s', (_, compute, name) => {
  it.each(readStatistics<ProportionCase[]>('proportions'))('agrees with statsmodels for $case', (one) => {
    const [successes, trials, confidenceLevel] = one.case;
    const [low, high] = compute(successes, trials, { confidenceLevel });
    expect(low).toBeCloseTo(one[name][0], 10);
    expect(high).toBeCloseTo(one[name][1], 10);
  });

  it('is exact at the ends', () => {
    expect([compute(0, 7)[0], compute(7, 7)[1]]).toEqual([0, 1]);
  });

  it.each([
    [[3, 0], /`trials` must be a finite number above 0/],
    [[8, 7], /`successes` must be a number from 0 to the 7 trials. Received: 8/],
    [[1, 7, { confidenceLevel: 95 }], /`confidenceLevel` must be.*Write 95 % as 0.95/],
  ] as const)('refuses %j', (parameters, message) => {
    expect(() => compute(...(parameters as unknown as [number, number]))).toThrow(message);
  });
});

describe('fractions', () => {
  it('go with Wilson and not with Clopper and Pearson', () => {
    expect(wilsonInterval(4.5, 9)[0]).toBeLessThan(0.5);
    expect(() => clopperPearsonInterval(4.5, 9)).toThrow(
      /`successes` must be a whole number.*wilsonInterval/,
    );
  });
});
