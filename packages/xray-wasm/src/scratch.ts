import type { BackendAccess } from './backend-access.js';

/** What a kernel needs working memory for. Each purpose has one buffer, so that one kernel can use several. */
export type ScratchPurpose =
  | 'window'
  | 'gradient window'
  | 'convolved block'
  | 'filter'
  | 'bias'
  | 'tiles'
  | 'panel'
  | 'gradient panel'
  | 'products'
  | 'accumulators'
  | 'workspace';

/** Working memory on the heap of the wasm backend, kept between calls of kernels. */
export interface Scratch {
  /** Address of at least `bytes` bytes with undefined content, valid until the next call for the same purpose. */
  reserve(purpose: ScratchPurpose, bytes: number): number;
  /** Gives everything back. */
  free(): void;
}

/** Creates an arena of one growing buffer per purpose. */
export function createScratch(backend: Pick<BackendAccess, 'allocate' | 'free'>): Scratch {
  const buffers = new Map<ScratchPurpose, { address: number; bytes: number }>();
  return {
    reserve(purpose, bytes) {
      const buffer = buffers.get(purpose);
      if (buffer && buffer.bytes >= bytes) return buffer.address;
      if (buffer) {
        buffers.delete(purpose); // before allocate(), which may throw
        backend.free(buffer.address);
      }
      const address = backend.allocate(bytes);
      buffers.set(purpose, { address, bytes });
      return address;
    },
    free() {
      for (const { address } of buffers.values()) backend.free(address);
      buffers.clear();
    },
  };
}
