/** The parts of Dawn and of the WebGPU backend of TensorFlow.js 4.22 that memory is given out by. */

export interface GpuBuffer {
  readonly size: number;
  destroy(): void;
}

export interface GpuDevice {
  readonly limits: { readonly maxBufferSize: number; readonly maxStorageBufferBindingSize: number };
  /** Resolves when the device is gone, `destroyed` on purpose or not. */
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  readonly queue: { submit(commands: readonly object[]): void };
  createCommandEncoder(): { clearBuffer(buffer: GpuBuffer): void; finish(): object };
  createBuffer(descriptor: { readonly size: number; readonly usage: number }): GpuBuffer;
  addEventListener(type: 'uncapturederror', listener: (event: GpuErrorEvent) => void): void;
  removeEventListener(type: 'uncapturederror', listener: (event: GpuErrorEvent) => void): void;
}

export interface GpuErrorEvent {
  readonly error: { readonly message: string };
  /** Else Dawn prints it. */
  preventDefault(): void;
}

/** Gives out buffers and keeps the ones given back, by size, for ever. */
export interface BufferManager {
  numBytesUsed: number;
  numBytesAllocated: number;
  numFreeBuffers: number;
  readonly freeBuffers: Map<string, GpuBuffer[]>;
  acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GpuBuffer;
}

export interface WebgpuBackend {
  readonly bufferManager: BufferManager;
  readonly device: GpuDevice;
  readonly commandEncoder: object | null;
  endComputePassEncoder(): void;
  submitQueue(): void;
  read(dataId: object): Promise<unknown>;
}

/**
 * Gives the memory of buffers that are kept for later back to the GPU, which takes it once it is done with them.
 *
 * @returns Their number.
 */
export function destroyFreeBuffers(backend: WebgpuBackend): number {
  if (backend.commandEncoder) {
    // Buffers of tensors that are gone are given back once the commands that use them are on their way.
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
  const { bufferManager: manager } = backend;
  let count = 0;
  for (const buffers of manager.freeBuffers.values()) {
    for (const buffer of buffers.splice(0)) {
      manager.numBytesAllocated -= buffer.size;
      manager.numFreeBuffers--;
      buffer.destroy();
      count++;
    }
  }
  return count;
}
