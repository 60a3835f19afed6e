import { InvalidArgumentError } from 'xray-core';

/** @internal Rejects what cannot be a number of successes in a number of trials. */
export function checkCounts(successes: number, trials: number): void {
  if (!(Number.isFinite(trials) && trials > 0)) {
    throw new InvalidArgumentError({
      argument: 'trials',
      expected: 'a finite number above 0',
      received: trials,
      fix: 'A share of nothing is undefined and has no interval.',
    });
  }
  if (successes >= 0 && successes <= trials) return;
  throw new InvalidArgumentError({
    argument: 'successes',
    expected: `a number from 0 to the ${trials} trials`,
    received: successes,
  });
}
