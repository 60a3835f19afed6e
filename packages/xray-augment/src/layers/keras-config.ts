import { InvalidArgumentError } from 'xray-core';

/** A field of a Keras config: one number for both sides, or the lower and the upper bound. */
export type Factor = number | readonly [low: number, high: number];

/**
 * Reads a factor as Keras does: `f` stands for `[-f, f]`, and bounds may come in any order.
 *
 * @param layer - For the error.
 * @throws {InvalidArgumentError} If it is neither, or a number is not in `[least, most]`.
 */
export function readFactor(
  layer: string,
  field: string,
  factor: Factor,
  least: number,
  most: number,
): [low: number, high: number] {
  const bounds = typeof factor === 'number' ? [-Math.abs(factor), Math.abs(factor)] : factor;
  const given = typeof factor === 'number' ? [factor] : factor;
  const isPair = Array.isArray(bounds) && bounds.length === 2;
  if (!isPair || !given.every((bound) => Number.isFinite(bound) && bound >= least && bound <= most)) {
    throw new InvalidArgumentError({
      argument: `${field} of ${layer}`,
      expected: `a number or two numbers of [${least}, ${most}]`,
      received: factor,
    });
  }
  return [Math.min(...bounds), Math.max(...bounds)];
}

/**
 * Reads two numbers such as the `valueRange` of a Keras config, in any order.
 *
 * @throws {InvalidArgumentError} If it is something else.
 */
export function readRange(layer: string, field: string, range: readonly number[]): [number, number] {
  if (!Array.isArray(range) || range.length !== 2 || !range.every(Number.isFinite)) {
    throw new InvalidArgumentError({
      argument: `${field} of ${layer}`,
      expected: 'two numbers',
      received: range,
    });
  }
  return [Math.min(...range), Math.max(...range)];
}

/**
 * Reads a word such as `channels_last`, spelt as in Keras or, as TensorFlow.js hands it on, `channelsLast`.
 *
 * @throws {InvalidArgumentError} If it is none of the options.
 */
export function oneOf<Option extends string>(
  layer: string,
  field: string,
  received: string,
  options: readonly Option[],
): Option {
  const word = String(received).replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const found = options.find((option) => option === word);
  if (found === undefined) {
    throw new InvalidArgumentError({
      argument: `${field} of ${layer}`,
      expected: options.map((option) => `'${option}'`).join(' or '),
      received,
    });
  }
  return found;
}
