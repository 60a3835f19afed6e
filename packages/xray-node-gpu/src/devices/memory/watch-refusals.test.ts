import { describe, expect, it } from 'vitest';
import { DeviceMemoryError } from './device-memory-error.js';
import { watchRefusals } from './watch-refusals.js';
import type { GpuBuffer, GpuErrorEvent, WebgpuBackend } from './webgpu-backend.js';

class GPUOutOfMemoryError extends Error {}
class GPUValidationError extends Error {}

interface Descriptor {
  readonly size: number;
  readonly usage: number;
  readonly mappedAtCreation?: boolean;
}

/** A backend whose device has room for 100 bytes beside its first buffer, and tells as Dawn does that it is full. */
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
  let taken = -4;
  const destroyed: GpuBuffer[] = [];
  let submissions = 0;
  const device = {
    lost,
    createBuffer({ size, mappedAtCreation }: Descriptor): GpuBuffer {
      const isFull = taken + size > 100;
      if (isFull && mappedAtCreation) throw new RangeError('createBuffer failed');
      if (isFull) tell(new GPUOutOfMemoryError('vkAllocateMemory failed'));
      else taken += size;
      const buffer = {
        size,
        destroy() {
          buffers.splice(buffers.indexOf(buffer), 1);
          if (!isFull) destroyed.push(buffer);
        },
      };
      buffers.push(buffer);
      return buffer;
    },
    createCommandEncoder: () => ({ clearBuffer() {}, finish: () => ({}) }),
    queue: {
      /** The GPU is done with everything at the third. */
      submit() {
        if (++submissions < 3) return;
        for (const { size } of destroyed.splice(0)) taken -= size;
      },
    },
    addEventListener: (_: string, listener: (event: GpuErrorEvent) => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: (event: GpuErrorEvent) => void) => listeners.delete(listener),
  };
  const read: () => Promise<unknown> = async () => 'values';
  const backend = { bufferManager: manager, commandEncoder: null, device, read };
  return { backend: backend as unknown as WebgpuBackend, manager, tell, lose, buffers, printed };
}

describe('watchRefusals', () => {
  it('throws for a buffer that does not fit, says how much there was room for, and can be used on', async () => {
    const { backend, manager, buffers, printed } = fakeBackend();
    watchRefusals(backend);
    backend.device.createBuffer({ size: 60, usage: 0 });
    manager.numBytesUsed = 60;
    for (const mappedAtCreation of [false, true]) {
      const create = () =>
        backend.device.createBuffer({ size: 50, usage: 0, mappedAtCreation } as Descriptor);
      expect(create).toThrow(DeviceMemoryError);
      expect(create).toThrow('The GPU, on which tensors take 1 KiB, has no room for 1 KiB more');
      expect(create).toThrow(expect.objectContaining({ code: 'device-memory', available: 60 }));
    }
    expect(buffers.map(({ size }) => size)).toEqual([4, 60]);
    expect(printed).toEqual([]);
    backend.device.createBuffer({ size: 40, usage: 0 });
    await expect(backend.read({})).resolves.toBe('values');
  });

  it('gives buffers back that are kept for later, and waits until the GPU has taken them', () => {
    const { backend, manager, buffers, printed } = fakeBackend();
    watchRefusals(backend);
    backend.device.createBuffer({ size: 30, usage: 0 });
    const kept = backend.device.createBuffer({ size: 60, usage: 0 });
    manager.freeBuffers.set('60_0', [kept]);
    Object.assign(manager, { numBytesUsed: 30, numBytesAllocated: 90, numFreeBuffers: 1 });
    backend.device.createBuffer({ size: 70, usage: 0 });
    expect(buffers.map(({ size }) => size)).toEqual([4, 30, 70]);
    expect(manager).toMatchObject({ numBytesUsed: 30, numBytesAllocated: 30, numFreeBuffers: 0 });
    expect(printed).toEqual([]);
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
