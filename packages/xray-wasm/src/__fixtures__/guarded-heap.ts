// Shared by the tests: notices kernels that write outside of their tensors or leave a part of them unwritten.
import type { BackendAccess } from '../backend-access.js';

/** Bytes before and after each tensor. */
const GUARD_BYTES = 512;
/** NaN in a float, -1 in an integer. */
const MARK = 0xff;

/** The heap of the wasm backend with a guard around whatever is allocated from now on. */
export interface GuardedHeap {
  /** True when no guard was written to since the last call. */
  isIntact(): boolean;
  /** Allocates as before again; what was allocated under guard must be disposed by then. */
  release(): void;
}

export function guardHeap({ instance, memory }: BackendAccess): GuardedHeap {
  const { wasm } = instance as { wasm: Record<'_malloc' | '_free', (value: number) => number> };
  const { _malloc: allocate, _free: free } = wasm;
  const sizes = new Map<number, number>();
  let isWhole = true;
  const guardsOf = (address: number): Uint8Array[] => [
    new Uint8Array(memory.buffer, address - GUARD_BYTES, GUARD_BYTES),
    new Uint8Array(memory.buffer, address + sizes.get(address)!, GUARD_BYTES),
  ];
  const check = (address: number) => {
    for (const guard of guardsOf(address)) {
      if (guard.every((value) => value === MARK)) continue;
      isWhole = false;
      guard.fill(MARK);
    }
  };
  wasm._malloc = (bytes) => {
    const start = allocate(bytes + 2 * GUARD_BYTES) >>> 0;
    new Uint8Array(memory.buffer, start, bytes + 2 * GUARD_BYTES).fill(MARK);
    sizes.set(start + GUARD_BYTES, bytes);
    return start + GUARD_BYTES;
  };
  wasm._free = (address) => {
    if (!sizes.has(address)) return free(address);
    check(address);
    sizes.delete(address);
    return free(address - GUARD_BYTES);
  };
  return {
    isIntact() {
      for (const address of sizes.keys()) check(address);
      const result = isWhole;
      isWhole = true;
      return result;
    },
    release: () => void Object.assign(wasm, { _malloc: allocate, _free: free }),
  };
}
