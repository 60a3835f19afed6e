import { expect, it } from 'vitest';
import { refuseUnknownOptions } from './refuse-unknown-options.js';

const names = { size: true, seed: true } as const;

it('names the option that is not there, and those that are', () => {
  expect(() =>
    refuseUnknownOptions('draw', { seed: 1, sise: 3 } as { seed: number }, { seed: true }),
  ).toThrow('`sise` must be left out: draw has no such option. It has seed. Received: 3.');
  expect(() => refuseUnknownOptions('draw', { seed: 1, size: undefined }, names)).not.toThrow();
  expect(() => refuseUnknownOptions('draw', { toString: 1 } as object, names as object)).toThrow('toString');
});
