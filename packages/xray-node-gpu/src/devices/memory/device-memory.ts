/** What the tensors of a device take, in bytes. */
export interface DeviceMemory {
  /** Most it may take: the one asked for, or that of the backend. `undefined` where neither is known. */
  readonly limit: number | undefined;
  /** What it takes now. */
  used(): number;
  /** Most it takes while `work` runs, what it took before included. */
  peakOf(work: () => Promise<unknown>): Promise<number>;
}

/** @internal A device's memory under watch: an allocation that would pass the limit throws a `DeviceMemoryError`. */
export interface WatchedMemory extends DeviceMemory {
  /** Gives the backend back as it was. */
  unwatch(): void;
}

/** @internal Keeps the highest of the numbers it is told. */
export interface HighWaterMark {
  reached(used: number): void;
  peakOf(work: () => Promise<unknown>): Promise<number>;
}

export function highWaterMark(used: () => number): HighWaterMark {
  let peak = 0;
  return {
    reached(bytes) {
      if (bytes > peak) peak = bytes;
    },
    async peakOf(work) {
      peak = used();
      await work();
      return peak;
    },
  };
}
