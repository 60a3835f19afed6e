import { describe, expect, it } from 'vitest';
import { WasmMemoryError } from './errors.js';
import { createScratch } from './scratch.js';

/** Hands out addresses 1000, 2000, … and remembers which are in use. */
function fakeHeap(limit = Number.POSITIVE_INFINITY) {
  const inUse = new Map<number, number>();
  let next = 0;
  return {
    inUse,
    allocate(bytes: number) {
      if (bytes > limit) throw new WasmMemoryError(bytes);
      next += 1000;
      inUse.set(next, bytes);
      return next;
    },
    free: (address: number) => void inUse.delete(address),
  };
}

describe('createScratch', () => {
  it('reuses a buffer that is large enough and replaces one that is not', () => {
    const heap = fakeHeap();
    const scratch = createScratch(heap);
    const first = scratch.reserve('panel', 100);
    expect(scratch.reserve('panel', 60)).toBe(first);
    const second = scratch.reserve('panel', 200);
    expect([...heap.inUse]).toEqual([[second, 200]]);
  });

  it('keeps purposes apart and frees them all', () => {
    const heap = fakeHeap();
    const scratch = createScratch(heap);
    expect(scratch.reserve('panel', 8)).not.toBe(scratch.reserve('filter', 8));
    scratch.free();
    expect(heap.inUse.size).toBe(0);
  });

  it('stays usable after the heap was full', () => {
    const heap = fakeHeap(500);
    const scratch = createScratch(heap);
    scratch.reserve('panel', 100);
    expect(() => scratch.reserve('panel', 600)).toThrow(/no room for 600 more bytes.*smaller batches/);
    scratch.reserve('panel', 50);
    expect([...heap.inUse.values()]).toEqual([50]);
  });
});
