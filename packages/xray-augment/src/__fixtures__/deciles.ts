import { expect } from 'vitest';

/** Fails unless a tenth, two tenths and so on of the draws lie below the deciles, but for chance (about one in 10,000). */
export function expectDeciles(draws: readonly number[], deciles: readonly number[]): void {
  deciles.forEach((decile, index) => {
    const share = (index + 1) / 10;
    const below = draws.filter((draw) => draw < decile).length / draws.length;
    expect(Math.abs(below - share)).toBeLessThan(4.5 * Math.sqrt((share * (1 - share)) / draws.length));
  });
}
