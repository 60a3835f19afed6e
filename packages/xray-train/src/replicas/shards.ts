/** A run of images in a batch. */
export interface Shard {
  readonly start: number;
  readonly count: number;
}

/** Splits a batch into neighbouring shards, one per worker; the first ones take one image more where it does not divide. */
export function shardsOf(size: number, workers: number): Shard[] {
  const least = Math.floor(size / workers);
  const larger = size % workers;
  return Array.from({ length: workers }, (_, worker) => ({
    start: worker * least + Math.min(worker, larger),
    count: least + (worker < larger ? 1 : 0),
  }));
}
