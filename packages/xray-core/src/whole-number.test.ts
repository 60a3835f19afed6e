import { describe, expect, it } from 'vitest';
import { checkWholeNumber } from './whole-number.js';

describe('checkWholeNumber', () => {
  it('accepts counts', () => {
    for (const [value, least] of [
      [1, 1],
      [0, 0],
      [224, 32],
    ] as const) {
      expect(() => checkWholeNumber('count', value, least)).not.toThrow();
    }
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '3', undefined])('refuses %s', (value) => {
    expect(() => checkWholeNumber('count', value)).toThrow(
      `\`count\` must be a whole number from 1 up. Received: ${typeof value === 'string' ? '"3"' : String(value)}.`,
    );
  });
});
