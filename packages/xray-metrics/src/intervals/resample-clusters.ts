import {
  createRandom,
  InvalidArgumentError,
  type ProgressCallback,
  throwIfAborted,
  yieldToEventLoop,
} from 'xray-core';

/** Options of everything that draws at random many times. */
export interface ResampleOptions {
  /** Same seed, same result. A safe integer. */
  readonly seed: number;
  /** How often to draw, at least 100. @default 1000 */
  readonly resamples?: number | undefined;
  /** Stops the work with an `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
  /** Receives `resample` events. */
  readonly onProgress?: ProgressCallback | undefined;
}

/** @internal Draws that are left out of a number because it is undefined in them are not in its list. */
export type ResampledValues = ReadonlyMap<string, Float64Array>;

/**
 * @internal The numbers that `compute` gives for resampled images. Each resample draws as many clusters as there are,
 * with replacement; an image counts as often as its cluster was drawn (`weights`, `[n]`). With a single cluster every
 * resample is the data itself, and there is nothing to learn: the result is empty.
 *
 * @param clusters - `[n]`, cluster of each image, numbered from 0 without gaps.
 * @throws {InvalidArgumentError} If `seed` or `resamples` is not an integer, or there are too few resamples.
 * @throws {AbortedError} If the signal fires.
 *
 * @see Field & Welsh 2007, Bootstrapping clustered data, doi:10.1111/j.1467-9868.2007.00593.x
 */
export async function resampleClusters<Name extends string>(
  compute: (weights: Uint32Array) => Readonly<Record<Name, number | null>>,
  clusters: Uint32Array,
  options: ResampleOptions,
): Promise<ResampledValues> {
  const { seed, resamples = 1000 } = options;
  checkResamples('resamples', resamples);
  const random = createRandom(seed).stream('bootstrap');
  const clusterCount = countClusters(clusters);
  const values = new Map<string, number[]>();
  if (clusterCount < 2) return new Map();
  const drawn = new Uint32Array(clusterCount);
  const weights = new Uint32Array(clusters.length);
  await repeat(resamples, options, () => {
    drawn.fill(0);
    for (let draw = 0; draw < clusterCount; draw++) drawn[random.integer(0, clusterCount)]!++;
    for (let image = 0; image < clusters.length; image++) weights[image] = drawn[clusters[image]!]!;
    for (const [name, value] of Object.entries<number | null>(compute(weights))) {
      if (value === null) continue;
      const list = values.get(name);
      if (list) list.push(value);
      else values.set(name, [value]);
    }
  });
  return new Map([...values].map(([name, list]) => [name, Float64Array.from(list).sort()]));
}

/** @internal Calls `round` `count` times, lets the event loop run now and then, reports and obeys the signal. */
export async function repeat(
  count: number,
  { signal, onProgress }: Pick<ResampleOptions, 'signal' | 'onProgress'>,
  round: () => void,
): Promise<void> {
  let lastPause = performance.now();
  for (let done = 0; done < count; done++) {
    throwIfAborted(signal, 'Resampling');
    round();
    if (performance.now() - lastPause < 50 && done + 1 < count) continue;
    onProgress?.({ type: 'resample', done: done + 1, total: count });
    await yieldToEventLoop();
    lastPause = performance.now();
  }
  throwIfAborted(signal, 'Resampling');
}

/** @internal Clusters are numbered from 0 without gaps. */
export function countClusters(clusters: Uint32Array): number {
  return clusters.reduce((last, cluster) => Math.max(last, cluster), -1) + 1;
}

/** @internal A 2.5 % tail needs some values beyond it. */
export function checkResamples(argument: string, resamples: number): void {
  if (Number.isSafeInteger(resamples) && resamples >= 100) return;
  throw new InvalidArgumentError({ argument, expected: 'an integer of at least 100', received: resamples });
}
