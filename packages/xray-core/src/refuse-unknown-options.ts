import { InvalidArgumentError } from './errors.js';

/**
 * Names of all options of a function. Write it as `{ a: true, b: true } satisfies OptionNames<Options>`, so that the compiler
 * finds one that is missing.
 */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/**
 * Refuses options that a function does not have. The compiler finds them in TypeScript; in plain JavaScript a misspelt one would
 * have no effect, without a word.
 *
 * @param call - Name of the function, such as `createCnn`.
 * @throws {InvalidArgumentError} Naming the first unknown one and those that there are.
 *
 * @example
 * refuseUnknownOptions('createCnn', options, OPTION_NAMES);
 */
export function refuseUnknownOptions<Options extends object>(
  call: string,
  options: Options,
  names: OptionNames<Options>,
): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(names, name));
  if (unknown === undefined) return;
  throw new InvalidArgumentError({
    argument: unknown,
    expected: `left out: ${call} has no such option. It has ${Object.keys(names).join(', ')}`,
    received: (options as Readonly<Record<string, unknown>>)[unknown],
  });
}
