import { describe, expect, it } from 'vitest';
import { DeviceMemoryError } from './device-memory-error.js';
import { watchRefusals } from './watch-refusals.js';
import type { GpuBuffer, GpuErrorEvent, WebgpuBackend } from './webgpu-backend.js';

class GPUOutOfMemoryError extends Error {}
class GPUValidationError extends Error {}

/** A backend whose device has room for 100 bytes, and tells as Dawn does that it is full. */
function fakeBackend() {
  const listeners = new Set<(event: GpuErrorEvent) => void>();
  const buffers: GpuBuffer[] = [];
  let lose: (info: { reason: string; message: string }) => void = () => {};
  const lost = new Promise<{ reason: string; message: string }>((resolve) => {
    lose = resolve;
  });
  const printed: string[] = [];
  const tell = (error: Error) => {
    let isHandled = false;
    const preventDefault = () => {
      isHandled = true;
    };
    for (const listener of listeners) listener({ error, preventDefault });
    if (!isHandled) printed.push(error.message);
  };
  const manager = { numBytesUsed: 0, numBytesAllocated: 0, numFreeBuffers: 0, freeBuffers: new Map() };
  const backend = {
    bufferManager: manager,
    commandEncoder: null,
    device: {
      lost,
      createBuffer({ size, mappedAtCreation }: { size: number; mappedAtCreation?: boolean }): GpuBuffer {
        const isFull = manager.numBytesAllocated + size > 100;
        if (isFull && mappedAtCreation) throw new RangeError('createBuffer failed');
        if (isFull) tell(new GPUOutOfMemoryError('vkAllocateMemory failed'));
        else manager.numBytesAllocated += size;
        const buffer = { size, destroy: () => void buffers.splice(buffers.indexOf(buffer), 1) };
        buffers.push(buffer);
        return buffer;
      },
      addEventListener: (_: string, listener: (event: GpuErrorEvent) => void) => listeners.add(listener),
      removeEventListener: (_: string, listener: (event: GpuErrorEvent) => void) =>
        listeners.delete(listener),
    },
    read: async () => 'values' as unknown,
  };
  return { backend: backend as unknown as WebgpuBackend, tell, lose, buffers, printed };
}

describe('watchRefusals', () => {
  it('throws for a buffer that does not fit, says how much there was room for, and can be used on', async () => {
    const { backend, buffers, printed } = fakeBackend();
    watchRefusals(backend);
    backend.device.createBuffer({ size: 60 });
    for (const mappedAtCreation of [false, true]) {
      const create = () =>
        backend.device.createBuffer({ size: 50, mappedAtCreation } as {
          size: number;
          mappedAtCreation: boolean;
        });
      expect(create).toThrow(DeviceMemoryError);
      expect(create).toThrow('The GPU, on which tensors take 1 KiB, has no room for 1 KiB more');
      expect(create).toThrow(expect.objectContaining({ code: 'device-memory', available: 60 }));
    }
    expect(buffers).toHaveLength(1);
    expect(printed).toEqual([]);
    backend.device.createBuffer({ size: 40 });
    await expect(backend.read({})).resolves.toBe('values');
  });

  it('fails the next read after any other error, once', async () => {
    const { backend, tell } = fakeBackend();
    watchRefusals(backend);
    tell(new GPUValidationError('[Invalid BindGroup] is invalid.\n - While encoding'));
    tell(new GPUValidationError('[Invalid CommandBuffer] is invalid.'));
    await expect(backend.read({})).rejects.toMatchObject({
      code: 'gpu-error',
      message: expect.stringMatching(/^The GPU refused to compute: \[Invalid BindGroup\] is invalid\. /),
    });
    await expect(backend.read({})).resolves.toBe('values');
  });

  it.each([
    ['Device hung', 'device-lost', 'The GPU was lost (Device hung).'],
    [
      'vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY\n - While handling',
      'device-memory',
      'The GPU ran out of memory and was lost (vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY).',
    ],
  ])('says why the device was lost: %s', async (message, code, said) => {
    const { backend, lose } = fakeBackend();
    const error = new DOMException('', 'AbortError');
    backend.read = () => Promise.reject(error);
    watchRefusals(backend);
    await expect(backend.read({})).rejects.toBe(error);
    lose({ reason: 'unknown', message });
    await expect(backend.read({})).rejects.toMatchObject({ code, message: expect.stringContaining(said) });
  });

  it('has nothing to say about a device that was destroyed on purpose, and gives the backend back', async () => {
    const { backend, lose, tell, printed } = fakeBackend();
    const { read } = backend;
    const { createBuffer } = backend.device;
    const error = new DOMException('', 'AbortError');
    const unwatch = watchRefusals(backend);
    lose({ reason: 'destroyed', message: 'A valid external Device reference no longer exists.' });
    await expect(backend.read({})).resolves.toBe('values');
    unwatch();
    expect([backend.read, backend.device.createBuffer]).toEqual([read, createBuffer]);
    tell(error);
    expect(printed).toHaveLength(1);
  });
});
