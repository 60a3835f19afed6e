import { describe, expect, it } from 'vitest';
import { mapInOrder } from './map-in-order.js';

/** Numbers from 0, and how many were taken. */
function counter(length: number) {
  const state = { taken: 0, isClosed: false };
  async function* items() {
    try {
      for (let item = 0; item < length; item++) {
        state.taken++;
        yield item;
      }
    } finally {
      state.isClosed = true;
    }
  }
  return { state, items: items() };
}

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('mapInOrder', () => {
  it('gives results in order though later ones are done first', async () => {
    const { items } = counter(7);
    const results: number[] = [];
    const slowFirst = async (item: number) => {
      await later(20 - item * 3);
      return item * 10;
    };
    for await (const result of mapInOrder(items, 3, slowFirst)) results.push(result);
    expect(results).toEqual([0, 10, 20, 30, 40, 50, 60]);
  });

  it('takes no more items than the limit while results wait to be read', async () => {
    const { items, state } = counter(20);
    const results = mapInOrder(items, 3, async (item) => item);
    await results.next();
    await later(5);
    expect(state.taken).toBe(3);
    await results.next();
    await later(5);
    expect(state.taken).toBe(4);
    await results.return(undefined);
    expect(state.isClosed).toBe(true);
  });

  it('waits for what is under way and closes the source when work fails', async () => {
    const { items, state } = counter(20);
    let done = 0;
    const failing = async (item: number) => {
      await later(item === 1 ? 0 : 5);
      if (item === 1) throw new Error('no');
      done++;
    };
    await expect(async () => {
      for await (const _ of mapInOrder(items, 3, failing)) expect(state.isClosed).toBe(false);
    }).rejects.toThrow('no');
    expect([done, state.isClosed]).toEqual([state.taken - 1, true]);
  });
});
