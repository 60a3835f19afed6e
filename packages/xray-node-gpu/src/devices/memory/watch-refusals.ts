import { setImmediate } from 'node:timers/promises';
import { XrayError } from 'xray-core';
import { DeviceMemoryError, formatBytes } from './device-memory-error.js';
import { destroyFreeBuffers, type GpuErrorEvent, type WebgpuBackend } from './webgpu-backend.js';

/**
 * Makes what a GPU refuses fail where it is asked for. WebGPU tells of it apart from the call: a buffer for which there is
 * no memory looks like any other, commands that use it are dropped, and what is read in the end are zeros or values of an
 * earlier step. A lost device fails reads with an error without a message.
 *
 * Buffers that do not fit throw a `DeviceMemoryError`; after any other error the next read throws, with code `gpu-error`, or
 * `device-lost`.
 *
 * @returns What gives the backend back as it was.
 */
export function watchRefusals(backend: WebgpuBackend): () => void {
  const { device, bufferManager: manager } = backend;
  const { createBuffer } = device;
  const { read } = backend;
  let room = Number.POSITIVE_INFINITY;
  let told: GpuErrorEvent['error'] | undefined;
  let loss: XrayError | undefined;

  const listen = (event: GpuErrorEvent) => {
    event.preventDefault();
    told ??= event.error;
  };
  device.addEventListener('uncapturederror', listen); // Dawn calls it before the call at fault returns
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') loss = lossOf(message);
  });

  device.createBuffer = (descriptor) => {
    const { size } = descriptor;
    // Given back once the GPU is done with them: in time for a later buffer, if not for this one.
    if (manager.numBytesAllocated + size > room) destroyFreeBuffers(backend);
    let cause: unknown;
    try {
      const buffer = createBuffer.call(device, descriptor);
      if (!isOutOfMemory(told)) return buffer;
      cause = told;
      told = undefined;
      buffer.destroy();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      cause = error; // of a buffer that is to be filled at once
    }
    room = manager.numBytesAllocated;
    throw new DeviceMemoryError({
      problem: `The GPU, on which tensors take ${formatBytes(room)}, has no room for ${formatBytes(size)} more`,
      available: room,
      cause,
    });
  };
  backend.read = async (dataId) => {
    try {
      const values = await read.call(backend, dataId);
      const error = told;
      told = undefined;
      if (error) throw errorOf(error.message);
      return values;
    } catch (error) {
      await setImmediate(); // the loss of the device is told after the reads that it fails
      throw loss ?? error;
    }
  };
  return () => {
    device.removeEventListener('uncapturederror', listen);
    Object.assign(device, { createBuffer });
    Object.assign(backend, { read });
  };
}

const isOutOfMemory = (error: object | undefined) => error?.constructor.name === 'GPUOutOfMemoryError';

function errorOf(message: string): XrayError {
  return new XrayError(
    'gpu-error',
    `The GPU refused to compute: ${firstLine(message)} Results since then are not to be used; please report it.`,
  );
}

/** Dawn gives up the whole device where it runs out of memory on its own account. */
function lossOf(message: string): XrayError {
  const reason = firstLine(message);
  if (/OUT_OF_(?:DEVICE|HOST)_MEMORY/.test(message)) {
    return new DeviceMemoryError({ problem: `The GPU ran out of memory and was lost (${reason})` });
  }
  return new XrayError(
    'device-lost',
    `The GPU was lost (${reason}). Start the program again; if it is lost again, the log of its driver may say why.`,
  );
}

const firstLine = (text: string) => text.split('\n', 1)[0]!;
