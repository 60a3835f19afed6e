import * as tf from '@tensorflow/tfjs-core';
import { highWaterMark, type WatchedMemory } from './device-memory.js';
import { DeviceMemoryError, formatBytes, limitReached } from './device-memory-error.js';

interface GpuBuffer {
  readonly size: number;
  destroy(): void;
}

/** Gives out buffers and keeps the ones given back, by size, for ever. */
interface BufferManager {
  numBytesUsed: number;
  numBytesAllocated: number;
  numFreeBuffers: number;
  readonly freeBuffers: Map<string, GpuBuffer[]>;
  acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GpuBuffer;
}

/** The parts of the backend that memory is given out by. */
interface Backend {
  readonly bufferManager: BufferManager;
  readonly device: {
    readonly limits: { readonly maxBufferSize: number; readonly maxStorageBufferBindingSize: number };
  };
  readonly commandEncoder: object | null;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/**
 * Counts the buffers of the WebGPU backend, and throws before more is taken than the limit, or than the adapter allows in
 * one buffer: Dawn would fail a later read without a message. Before it throws, buffers that are kept for later are
 * destroyed: the backend itself never does that, so that its use grows with every new shape.
 *
 * @param limit - In bytes. @default none
 */
export function watchWebgpuMemory(limit: number | undefined): WatchedMemory {
  const backend = tf.backend() as unknown as Backend;
  const manager = backend.bufferManager;
  const { limits } = backend.device;
  const largest = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  const acquire = manager.acquireBuffer;
  const mark = highWaterMark(() => manager.numBytesUsed);
  manager.acquireBuffer = (size, ...how) => {
    if (size > largest) {
      throw new DeviceMemoryError({
        problem: `A tensor of ${formatBytes(size)} does not fit into one buffer of the GPU, which takes ${formatBytes(largest)}`,
      });
    }
    if (limit !== undefined && manager.numBytesAllocated + size > limit) {
      destroyFreeBuffers(backend);
      if (manager.numBytesUsed + size > limit) throw limitReached(limit, manager.numBytesUsed, size);
    }
    const buffer = acquire.call(manager, size, ...how);
    mark.reached(manager.numBytesUsed);
    return buffer;
  };
  return {
    limit,
    used: () => manager.numBytesUsed,
    peakOf: mark.peakOf,
    unwatch() {
      manager.acquireBuffer = acquire;
    },
  };
}

function destroyFreeBuffers(backend: Backend): void {
  if (backend.commandEncoder) {
    // Buffers of tensors that are gone are given back once the commands that use them are on their way.
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
  const { bufferManager: manager } = backend;
  for (const buffers of manager.freeBuffers.values()) {
    for (const buffer of buffers.splice(0)) {
      manager.numBytesAllocated -= buffer.size;
      manager.numFreeBuffers--;
      buffer.destroy();
    }
  }
}
