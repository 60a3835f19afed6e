import { describe, expect, it } from 'vitest';
import { tableOf } from '../__fixtures__/read-statistics.js';
import {
  betaQuantile,
  binomialCdf,
  chiSquaredSurvival,
  normalCdf,
  normalQuantile,
  normalSurvival,
  twoSidedNormal,
} from './distributions.js';
import { logGamma } from './gamma.js';

const FUNCTIONS: Record<string, (...values: number[]) => number> = {
  normalSurvival: (z) => normalSurvival(z!),
  normalQuantile: (share) => normalQuantile(share!),
  chiSquaredSurvival: (statistic, degrees) => chiSquaredSurvival(statistic!, degrees!),
  betaQuantile: (share, a, b) => betaQuantile(share!, a!, b!),
  binomialCdf: (successes, trials) => binomialCdf(successes!, trials!, 0.5),
  logGamma: (x) => logGamma(x!),
};

describe('agreement with SciPy', () => {
  it.each(Object.keys(FUNCTIONS))('%s', (name) => {
    const rows = tableOf('distributions', name);
    expect(rows.length).toBeGreaterThan(4);
    for (const row of rows) {
      const expected = row.at(-1)!;
      const actual = FUNCTIONS[name]!(...row.slice(0, -1));
      // Relative, so that tails count as much as the middle.
      expect(Math.abs(actual - expected), `${name}(${row})`).toBeLessThanOrEqual(
        1e-10 * Math.abs(expected) + 1e-16,
      );
    }
  });
});

describe('the ends', () => {
  it('are exact', () => {
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(0.5)]).toEqual([-Infinity, Infinity, 0]);
    expect([normalCdf(-Infinity), normalCdf(Infinity), twoSidedNormal(0)]).toEqual([0, 1, 1]);
    expect([binomialCdf(3, 3, 0.5), chiSquaredSurvival(0, 4)]).toEqual([1, 1]);
  });
});
