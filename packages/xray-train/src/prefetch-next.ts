import { yieldToEventLoop } from 'xray-core';

/** An item, and how long it was waited for. */
export interface Prefetched<Item> {
  readonly item: Item;
  /** Milliseconds between the consumer being ready for it and getting it. */
  readonly waited: number;
}

/**
 * Asks for the next item while the consumer works on the one it has: reading, augmentation and upload overlap with what the
 * device computes. One item is ahead, never more. On backends that compute on this very thread (wasm, cpu without
 * workers) nothing overlaps, and preparing an item counts as waiting for it.
 *
 * @param dispose - Called with an item that nobody takes any more, after an error or an early end.
 */
export async function* prefetchNext<Item>(
  items: AsyncIterable<Item>,
  dispose: (item: Item) => void,
): AsyncGenerator<Prefetched<Item>> {
  const iterator = items[Symbol.asyncIterator]();
  let readySince = performance.now();
  let upcoming = iterator.next();
  try {
    for (let next = await upcoming; !next.done; next = await upcoming) {
      const waited = performance.now() - readySince;
      upcoming = yieldToEventLoop().then(() => iterator.next()); // once the device has been given its work
      upcoming.catch(() => {}); // it is awaited in its turn, or below when the consumer stops
      yield { item: next.value, waited };
      readySince = performance.now();
    }
  } finally {
    const left = await upcoming.catch(() => undefined);
    if (left && !left.done) dispose(left.value);
    await iterator.return?.();
  }
}
