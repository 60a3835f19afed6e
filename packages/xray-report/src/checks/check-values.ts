import { InvalidArgumentError } from 'xray-core';

/** Throws when `value` is not what belongs at `path`, for example `report.data.splits[0].name`. */
export type Check = (value: unknown, path: string) => void;

/** Builds a check from a condition and the words that describe it. */
export function check(expected: string, holds: (value: unknown) => boolean, fix?: string): Check {
  return (value, path) => {
    if (!holds(value)) reject(path, expected, value, fix);
  };
}

export function reject(path: string, expected: string, received: unknown, fix?: string): never {
  throw new InvalidArgumentError({
    argument: path,
    expected,
    received,
    ...(fix === undefined ? {} : { fix }),
  });
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const NO_NAN = 'Pass null where a number is undefined: JSON has no NaN.';

export const text = check('a string that is not empty', (value) => typeof value === 'string' && value !== '');
export const finite = check('a finite number', isNumber, NO_NAN);
export const count = check(
  'an integer of at least 0',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);
export const side = check(
  'an integer of at least 1',
  (value) => Number.isSafeInteger(value) && (value as number) >= 1,
);
export const share = check(
  'a number in [0, 1]',
  (value) => isNumber(value) && value >= 0 && value <= 1,
  NO_NAN,
);
export const correlation = check(
  'a number in [-1, 1]',
  (value) => isNumber(value) && value >= -1 && value <= 1,
  NO_NAN,
);
export const notNegative = check(
  'a finite number of at least 0',
  (value) => isNumber(value) && value >= 0,
  NO_NAN,
);

/** Only images that travel inside the page; anything else would be fetched from somewhere. */
export const imageUri = check(
  'a base64 data URI of a PNG, JPEG, WebP, GIF or AVIF image',
  (value) =>
    typeof value === 'string' &&
    /^data:image\/(png|jpeg|webp|gif|avif);base64,[A-Za-z0-9+/]+={0,2}$/.test(value),
  'Embed the image: `data:image/png;base64,` followed by its bytes in base64.',
);

export function oneOf(...allowed: readonly unknown[]): Check {
  return check(`one of ${allowed.map((value) => JSON.stringify(value)).join(', ')}`, (value) =>
    allowed.includes(value),
  );
}

export function nullable(inner: Check): Check {
  return (value, path) => {
    if (value !== null) inner(value, path);
  };
}

/** A field that may be left out. */
export function optional(inner: Check): Check {
  return (value, path) => {
    if (value !== undefined) inner(value, path);
  };
}

export function listOf(inner: Check, minimumLength = 0): Check {
  return (value, path) => {
    if (!Array.isArray(value)) reject(path, 'an array', value);
    if (value.length < minimumLength)
      reject(path, `an array with at least ${minimumLength} item${minimumLength === 1 ? '' : 's'}`, value);
    value.forEach((item, index) => {
      inner(item, `${path}[${index}]`);
    });
  };
}

/** An object with at least these fields; others are left alone. */
export function objectOf(fields: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (!isObject(value)) reject(path, 'an object', value);
    for (const [name, inner] of Object.entries(fields)) inner(value[name], `${path}.${name}`);
  };
}

/** An object whose values all pass. */
export function recordOf(inner: Check): Check {
  return (value, path) => {
    if (!isObject(value)) reject(path, 'an object', value);
    for (const [name, item] of Object.entries(value)) inner(item, `${path}[${JSON.stringify(name)}]`);
  };
}

/** What `JSON.stringify` writes without losing anything. */
export const json: Check = (value, path) => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') finite(value, path);
  else if (Array.isArray(value)) listOf(json)(value, path);
  else if (isObject(value)) recordOf(json)(value, path);
  else reject(path, 'a JSON value', value, 'Leave the field out or convert it to text.');
};

/** Not dates, maps and typed arrays, which are objects without the fields that JSON would write. */
function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}
