import { throwIfAborted, yieldToEventLoop } from 'xray-core';

/** Something to time. */
export interface Contestant {
  /** Takes part in no more timed rounds than this; with 0 the round that warms up is the timed one. @default all */
  readonly mostRounds?: number;
  /** Brings the machine into the state this one needs, such as registering kernels; not timed. */
  prepare?(): Promise<void>;
  run(): void | Promise<void>;
}

/** Times of one contestant in milliseconds. */
export interface Spread {
  readonly fastest: number;
  readonly median: number;
  readonly slowest: number;
}

/**
 * Times contestants in turns, round by round after one round to warm up: what drifts on the machine (clock rates, other
 * work) meets all of them alike, so that their ratios hold.
 */
export async function timeInTurns(
  contestants: readonly Contestant[],
  rounds: number,
  signal?: AbortSignal,
): Promise<Spread[]> {
  const times: number[][] = contestants.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contestant] of contestants.entries()) {
      if (round > (contestant.mostRounds ?? rounds)) continue;
      throwIfAborted(signal, 'The benchmark');
      await yieldToEventLoop();
      await contestant.prepare?.();
      const start = performance.now();
      await contestant.run();
      if (round > 0 || contestant.mostRounds === 0) times[index]!.push(performance.now() - start);
    }
  }
  return times.map(spreadOf);
}

function spreadOf(times: readonly number[]): Spread {
  const sorted = [...times].sort((left, right) => left - right);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  return { fastest: sorted[0]!, median, slowest: sorted.at(-1)! };
}
