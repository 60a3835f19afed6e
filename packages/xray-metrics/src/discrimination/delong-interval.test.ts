import { describe, expect, it } from 'vitest';
import { labelsOf, readStatistics, scoresOf } from '../__fixtures__/read-statistics.js';
import { delongTest } from '../comparison/delong-test.js';
import { auroc } from './auroc.js';
import { delongInterval } from './delong-interval.js';

interface DelongCase {
  readonly labels: string;
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly areas: readonly [number, number];
  readonly z: number;
  readonly p: number;
  readonly firstInterval: readonly [number, number];
  readonly secondInterval: readonly [number, number];
  readonly patients: readonly number[];
  readonly clusteredVariances: readonly [first: number, second: number, both: number];
}

const CASES = readStatistics<DelongCase[]>('delong').map((one, index) => ({
  ...one,
  index,
  truth: labelsOf(one.labels),
  one: scoresOf(one.first),
  other: scoresOf(one.second),
  patientIds: one.patients.map(String),
}));

describe.each(CASES)('case $index', ({ truth, one, other, patientIds, ...expected }) => {
  it('has the intervals of MLstatkit', () => {
    const first = delongInterval(truth, one)!;
    const second = delongInterval(truth, other)!;
    expect(first.value).toBe(auroc(truth, one));
    expect(first.interval![0]).toBeCloseTo(expected.firstInterval[0], 9);
    expect(first.interval![1]).toBeCloseTo(Math.min(1, expected.firstInterval[1]), 9);
    expect(second.interval![0]).toBeCloseTo(expected.secondInterval[0], 9);
    expect(second.interval![1]).toBeCloseTo(Math.min(1, expected.secondInterval[1]), 9);
  });

  it('has the paired test of MLstatkit, which subtracts the other way round', () => {
    const test = delongTest(truth, one, other)!;
    expect([test.first, test.second]).toEqual(expected.areas.map((area) => expect.closeTo(area, 12)));
    expect(test.statistic).toBeCloseTo(-expected.z, 8);
    expect(test.pValue).toBeCloseTo(expected.p, 9);
  });

  it("has Obuchowski's variances for patients, by brute force", () => {
    const [first, second, both] = expected.clusteredVariances;
    expect(delongInterval(truth, one, { patientIds })!.standardError! ** 2 / first).toBeCloseTo(1, 9);
    expect(delongInterval(truth, other, { patientIds })!.standardError! ** 2 / second).toBeCloseTo(1, 9);
    const test = delongTest(truth, one, other, { patientIds })!;
    expect(test.standardError! ** 2 / (first + second - 2 * both)).toBeCloseTo(1, 7);
  });

  it('does not change when every image is its own patient, and learns nothing from copies', () => {
    const singles = truth.map((_, image) => image);
    const plain = delongInterval(truth, one)!;
    const own = delongInterval(truth, one, { patientIds: Array.from(singles, String) })!;
    expect(own.standardError).toBeCloseTo(plain.standardError!, 14);
    const twice = [...singles, ...singles];
    const copies = delongInterval(
      twice.map((image) => truth[image]!),
      twice.map((image) => one[image]!),
      { patientIds: twice.map(String) },
    )!;
    expect(copies.standardError).toBeCloseTo(plain.standardError!, 14);
  });
});

describe('what DeLong cannot tell', () => {
  it('is null', () => {
    expect(delongInterval([1, 1], [0.1, 0.2])).toBeNull();
    expect(delongInterval([0, 1, 1], [0.1, 0.2, 0.05])).toEqual({
      value: 0.5,
      standardError: null,
      interval: null,
    });
    expect(delongInterval([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4])).toEqual({
      value: 1,
      standardError: null,
      interval: null,
    });
    const perfectAgainstConstant = delongTest([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4], [0, 0, 0, 0]);
    expect(perfectAgainstConstant).toMatchObject({ difference: 0.5, pValue: null, interval: null });
  });

  it('says that models with the same ranking do not differ', () => {
    const scores = [0.1, 0.6, 0.3, 0.7];
    const logits = scores.map((score) => Math.log(score / (1 - score)));
    expect(delongTest([0, 0, 1, 1], scores, logits)).toMatchObject({
      difference: 0,
      pValue: 1,
      interval: null,
    });
  });

  it.each([
    [{ patientIds: ['a'] }, /`patientIds` must be 4 values/],
    [{ confidenceLevel: 1 }, /`confidenceLevel` must be a number strictly between 0 and 1/],
  ])('refuses %j', (options, message) => {
    expect(() => delongInterval([0, 0, 1, 1], [1, 2, 3, 4], options)).toThrow(message);
  });
});
