import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sha256 } from './sha256.js';

describe('sha256', () => {
  it.each([0, 1, 55, 64, 1000])("agrees with Node's own for %i bytes", async (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 31) % 256);
    const shared = new Uint8Array(new SharedArrayBuffer(length));
    shared.set(bytes);
    const expected = createHash('sha256').update(bytes).digest('hex');

    expect(await sha256(bytes)).toBe(expected);
    expect(await sha256(shared)).toBe(expected);
    expect(await sha256(new Uint8Array([9, ...bytes]).subarray(1))).toBe(expected);
  });
});
