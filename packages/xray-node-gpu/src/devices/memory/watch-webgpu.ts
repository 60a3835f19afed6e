import * as tf from '@tensorflow/tfjs-core';
import { highWaterMark, type WatchedMemory } from './device-memory.js';
import { DeviceMemoryError, formatBytes, limitReached } from './device-memory-error.js';
import { watchRefusals } from './watch-refusals.js';
import { destroyFreeBuffers, type WebgpuBackend } from './webgpu-backend.js';

/**
 * Counts the buffers of the WebGPU backend, and throws before more is taken than the limit, or than the adapter allows in
 * one buffer: Dawn would fail a later read without a message. Before it throws, buffers that are kept for later are
 * destroyed: the backend itself never does that, so that its use grows with every new shape. It throws, too,
 * where the GPU is full before that.
 *
 * @param limit - In bytes. @default none
 */
export function watchWebgpuMemory(limit: number | undefined): WatchedMemory {
  const backend = tf.backend() as unknown as WebgpuBackend;
  const manager = backend.bufferManager;
  const { limits } = backend.device;
  const largest = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  const acquire = manager.acquireBuffer;
  const unwatchRefusals = watchRefusals(backend);
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
      unwatchRefusals();
    },
  };
}
