/**
 * Starts work on items ahead of its consumer, at most `limit` at a time, and gives the results in the order of the
 * items. It takes no item while `limit` results wait to be read.
 */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const iterator = items[Symbol.asyncIterator]();
  const running: Promise<Result>[] = [];
  let isEnded = false;
  try {
    while (true) {
      while (!isEnded && running.length < limit) {
        const next = await iterator.next();
        if (next.done) isEnded = true;
        else {
          const result = work(next.value);
          result.catch(() => {}); // it is read later, in its turn
          running.push(result);
        }
      }
      const first = running.shift();
      if (first === undefined) return;
      yield await first;
    }
  } finally {
    await Promise.allSettled(running);
    if (!isEnded) await iterator.return?.();
  }
}
