import { throwIfAborted } from 'xray-core';

/**
 * @internal Runs `work(0)` to `work(count - 1)`, at most `concurrency` at a time, started in order. The first
 * failure stops the rest and is thrown once the running ones have ended.
 */
export async function runConcurrently(
  count: number,
  options: { concurrency: number; signal: AbortSignal | undefined; what: string },
  work: (index: number) => Promise<void>,
): Promise<void> {
  const { concurrency, signal, what } = options;
  let next = 0;
  let failure: { error: unknown } | undefined;
  const runOne = async (): Promise<void> => {
    while (next < count && !failure) {
      try {
        throwIfAborted(signal, what);
        await work(next++);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, runOne));
  if (failure) throw failure.error;
}
