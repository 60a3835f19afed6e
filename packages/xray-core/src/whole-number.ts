import { InvalidArgumentError } from './errors.js';

/**
 * Checks a count.
 *
 * @param least - Smallest allowed value. @default 1
 * @throws {InvalidArgumentError} If `received` is not a safe integer of at least `least`.
 */
export function checkWholeNumber(argument: string, received: unknown, least = 1): void {
  if (!Number.isSafeInteger(received) || (received as number) < least) {
    throw new InvalidArgumentError({ argument, expected: `a whole number from ${least} up`, received });
  }
}
