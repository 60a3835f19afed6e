import { InvalidArgumentError } from 'xray-core';

/** Options of everything that gives an interval. */
export interface ConfidenceOptions {
  /** Share of repetitions whose interval would hold the truth, in `(0, 1)`. @default 0.95 */
  readonly confidenceLevel?: number | undefined;
}

/** @internal Checks the level and gives the share that is left out on each side, 0.025 for 95 %. */
export function tailOf({ confidenceLevel = 0.95 }: ConfidenceOptions): number {
  checkShare('confidenceLevel', confidenceLevel);
  return (1 - confidenceLevel) / 2;
}

/** @internal Rejects what is not strictly between 0 and 1. */
export function checkShare(argument: string, value: number): void {
  if (value > 0 && value < 1) return;
  throw new InvalidArgumentError({
    argument,
    expected: 'a number strictly between 0 and 1',
    received: value,
    fix: 'Write 95 % as 0.95.',
  });
}

/** @internal Rejects a choice that does not exist, for callers without types. */
export function checkChoice<Choice extends string>(
  argument: string,
  value: Choice,
  choices: readonly Choice[],
): void {
  if (choices.includes(value)) return;
  throw new InvalidArgumentError({
    argument,
    expected: choices.map((choice) => `'${choice}'`).join(' or '),
    received: value,
  });
}
