import * as tf from '@tensorflow/tfjs-core';
import { highWaterMark, type WatchedMemory } from './device-memory.js';
import { DeviceMemoryError, formatBytes, limitReached } from './device-memory-error.js';

/** Where the heap of the backend's module ends, as it was compiled. */
const LARGEST_HEAP = 2 ** 32 - 2 ** 16;

/** The parts of the backend that memory is given out by. */
interface Heap {
  _malloc(bytes: number): number;
  _free(address: number): void;
}

/**
 * Counts what tensors and the kernels of `xray-wasm` allocate on the heap of the wasm backend, and throws before more is
 * taken than the limit. The stock backend does not look whether its heap could grow: it would write to address 0.
 *
 * @param limit - In bytes. @default as much as the heap has room for, at most 4 GB
 */
export function watchWasmMemory(limit: number | undefined): WatchedMemory {
  const heap = (tf.backend() as unknown as { wasm: Heap }).wasm;
  heap._free(heap._malloc(1)); // emscripten puts the real functions in place on the first call
  const { _malloc: allocate, _free: free } = heap;
  const sizes = new Map<number, number>();
  let used = 0;
  const mark = highWaterMark(() => used);
  heap._malloc = (bytes) => {
    if (limit !== undefined && used + bytes > limit) throw limitReached(limit, used, bytes);
    const address = allocate(bytes);
    if (address === 0 && bytes > 0) {
      throw new DeviceMemoryError({
        problem: `The heap of WebAssembly (at most 4 GB), of which tensors take ${formatBytes(used)}, has no room for ${formatBytes(bytes)} more`,
        available: used,
      });
    }
    sizes.set(address, bytes);
    used += bytes;
    mark.reached(used);
    return address;
  };
  heap._free = (address) => {
    // Addresses above 2 GB come back negative and may be given back unsigned.
    const key = sizes.has(address) ? address : address | 0;
    used -= sizes.get(key) ?? 0; // what was allocated before the watch began is not counted
    sizes.delete(key);
    free(address);
  };
  return {
    limit: limit ?? LARGEST_HEAP,
    used: () => used,
    peakOf: mark.peakOf,
    unwatch: () => void Object.assign(heap, { _malloc: allocate, _free: free }),
  };
}
