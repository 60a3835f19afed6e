import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkOutputs, isThresholdRule, THRESHOLD_RULES } from 'xray-core';
import type { Familiarity } from '../familiarity/familiarity.js';
import { BundleError, type BundleMetadata } from './bundle-metadata.js';
import type { SeenImages } from './seen-images.js';

const CLASS_LIST_FIX = 'Use the class list it was trained with.';

/** What makes a value right, in words, and the test. */
type Rule = readonly [expected: string, holds: (value: unknown) => boolean];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const oneOf = (...values: readonly unknown[]): Rule => [
  `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
  (value) => values.includes(value),
];
const TEXT: Rule = ['a text', (value) => typeof value === 'string' && value.trim() !== ''];
const OBJECT: Rule = ['an object', isObject];
const SIDE: Rule = ['a whole number of pixels', (value) => Number.isSafeInteger(value) && Number(value) > 0];
const NAMES: Rule = [
  'at least two different names',
  (value) =>
    Array.isArray(value) &&
    value.length >= 2 &&
    value.every((name) => TEXT[1](name)) &&
    new Set(value).size === value.length,
];
const SHARE: Rule = ['a number in [0, 1]', (value) => typeof value === 'number' && value >= 0 && value <= 1];

const BITS: Rule = [
  'left out, or a whole number from 8 to 16',
  (value) =>
    value === undefined || (Number.isInteger(value) && (value as number) >= 8 && (value as number) <= 16),
];
const SEEN: Rule = [
  'left out, or hashes as `recordSeenImages` makes them',
  (value) =>
    value === undefined ||
    [(value as SeenImages)?.train, (value as SeenImages)?.validation].every(
      (split) => typeof split?.pixels === 'string' && typeof split.ids === 'string',
    ),
];

const FAMILIARITY: Rule = [
  'left out, or what `fitFamiliarity` gives',
  (value) => {
    if (value === undefined) return true;
    const { size, mean, factor, threshold } = (value ?? {}) as Partial<Familiarity>;
    return (
      Number.isSafeInteger(size) &&
      typeof mean === 'string' &&
      typeof factor === 'string' &&
      Number(threshold) > 0
    );
  },
];

/** In this order, so that an object is one before its fields are looked at. */
const FIELDS: Readonly<Record<string, Rule>> = {
  architecture: TEXT,
  classList: OBJECT,
  'classList.names': NAMES,
  'classList.findings': OBJECT,
  input: OBJECT,
  'input.height': SIDE,
  'input.width': SIDE,
  'input.channels': oneOf(1, 3),
  'input.resize': OBJECT,
  'input.resize.fit': oneOf(undefined, 'fill', 'contain', 'cover'),
  'input.resize.method': oneOf(undefined, 'antialias', 'nearest'),
  'input.bitsStored': BITS,
  threshold: OBJECT,
  'threshold.value': SHARE,
  'threshold.rule': [`one of ${THRESHOLD_RULES}`, isThresholdRule],
  training: OBJECT,
  metrics: OBJECT,
  seenImages: SEEN,
  familiarity: FAMILIARITY,
  license: TEXT,
  notice: TEXT,
};

/**
 * Checks that metadata are complete, fit each other and fit the model, before they are saved and before they are used.
 *
 * @throws {BundleError} Naming the field, what it holds and what is expected there.
 * @throws {ClassMismatchError} If the model has another number of outputs than the class list has names.
 */
export function checkMetadata(metadata: BundleMetadata, model: LayersModel): void {
  if (!isObject(metadata)) throw wrong('metadata', 'an object', metadata);
  for (const [field, [expected, holds]] of Object.entries(FIELDS)) {
    const value = field
      .split('.')
      .reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], metadata);
    if (!holds(value)) throw wrong(field, expected, value);
  }
  const { classList, input, threshold } = metadata;
  const stray = Object.entries(classList.findings).find(([, name]) => !classList.names.includes(name));
  if (stray) throw wrong(`classList.findings.${stray[0]}`, `one of ${classList.names.join(', ')}`, stray[1]);
  if (threshold.rule === 'half' && threshold.value !== 0.5)
    throw wrong('threshold.value', "0.5 for the rule 'half'", threshold.value);
  for (const side of ['height', 'width'] as const) {
    if (input.resize[side] !== input[side])
      throw wrong(`input.resize.${side}`, `${input[side]}, as input.${side} says`, input.resize[side]);
  }
  checkShape(metadata, model);
  checkOutputs(classList, model.outputShape, CLASS_LIST_FIX);
}

function checkShape({ input }: BundleMetadata, model: LayersModel): void {
  const { inputs, outputs } = model;
  if (inputs?.length !== 1 || outputs?.length !== 1) {
    throw new BundleError(
      `has a model with ${inputs?.length ?? 0} inputs and ${outputs?.length ?? 0} outputs`,
      'Give it one of each: images in, probabilities out.',
    );
  }
  const { shape } = inputs[0]!;
  const [, ...sizes] = shape;
  const declared = [input.height, input.width, input.channels];
  const fits = sizes.length === 3 && sizes.every((size, axis) => size === null || size === declared[axis]);
  if (fits) return;
  throw new BundleError(
    `has input [height, width, channels] = ${JSON.stringify(declared)}, but its model takes ${JSON.stringify(sizes)}`,
    'Write down the size of images that the model was built for.',
  );
}

function wrong(field: string, expected: string, received: unknown): BundleError {
  return new BundleError(
    `has ${field} = ${JSON.stringify(received)}, expected ${expected}`,
    'Correct its metadata and save it again.',
  );
}
