import { InvalidArgumentError } from 'xray-core';

/** Lower and upper bound of a uniform draw. */
export type Range = readonly [low: number, high: number];

/** @throws {InvalidArgumentError} If `received` is outside `[0, 1]`. */
export function checkShare(argument: string, received: number): void {
  checkNumber(argument, received, 0, 1, 'a share in [0, 1]');
}

/** @throws {InvalidArgumentError} If `received` is not a number of `[least, most]`. */
export function checkNumber(
  argument: string,
  received: number,
  least: number,
  most = Number.MAX_VALUE,
  expected = most === Number.MAX_VALUE ? `a number from ${least} up` : `a number in [${least}, ${most}]`,
): void {
  if (!(received >= least && received <= most))
    throw new InvalidArgumentError({ argument, expected, received });
}

/** @throws {InvalidArgumentError} If the bounds are not two numbers of `[least, most]` in order. */
export function checkRange(argument: string, received: Range, least: number, most = Number.MAX_VALUE): void {
  const isPair = Array.isArray(received) && received.length === 2;
  const [low, high] = isPair ? (received as Range) : [Number.NaN, Number.NaN];
  if (low >= least && low <= high && high <= most) return;
  throw new InvalidArgumentError({
    argument,
    expected: `[low, high] with ${least} <= low <= high${most === Number.MAX_VALUE ? '' : ` <= ${most}`}`,
    received,
  });
}

/** @throws {InvalidArgumentError} If `received` is none of the words. */
export function checkWord(argument: string, received: string, words: readonly string[]): void {
  if (words.includes(received)) return;
  throw new InvalidArgumentError({
    argument,
    expected: words.map((word) => `'${word}'`).join(' or '),
    received,
  });
}
