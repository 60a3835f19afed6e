import { setImmediate } from 'node:timers/promises';
import { XrayError } from 'xray-core';
import { DeviceMemoryError, formatBytes } from './device-memory-error.js';
import {
  destroyFreeBuffers,
  type GpuBuffer,
  type GpuErrorEvent,
  type WebgpuBackend,
} from './webgpu-backend.js';

/** How long to wait for memory that was given back: the GPU has to be done with all that was asked of it before. */
const PATIENCE_MILLISECONDS = 1000;

/** `GPUBufferUsage.COPY_DST`. */
const COPY_DST = 8;

/**
 * Makes what a GPU refuses fail where it is asked for. WebGPU tells of it apart from the call: a buffer for which there is
 * no memory looks like any other, commands that use it are dropped, and what is read in the end are zeros or values of an
 * earlier step. A lost device fails reads with an error without a message.
 *
 * Where there is no room for a buffer, those that the backend keeps for later are given back first; it never does that by
 * itself. What does not fit then throws a `DeviceMemoryError`; after any other error the next read throws, with code `gpu-error`, or
 * `device-lost`.
 *
 * @returns What gives the backend back as it was.
 */
export function watchRefusals(backend: WebgpuBackend): () => void {
  const { device, bufferManager: manager } = backend;
  const { createBuffer } = device;
  const { read } = backend;
  const nothing = createBuffer.call(device, { size: 4, usage: COPY_DST });
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

  /** A buffer, or why there is none. */
  const attempt = (descriptor: {
    size: number;
    usage: number;
  }): { buffer?: GpuBuffer | undefined; cause?: unknown } => {
    try {
      const buffer = createBuffer.call(device, descriptor);
      if (!isOutOfMemory(told)) return { buffer };
      const cause = told;
      told = undefined;
      buffer.destroy();
      return { cause };
    } catch (error) {
      if (error instanceof RangeError) return { cause: error }; // of a buffer that is to be filled at once
      throw error;
    }
  };
  /** Dawn takes destroyed buffers back when commands are submitted. */
  const submitNothing = () => {
    const encoder = device.createCommandEncoder();
    encoder.clearBuffer(nothing);
    device.queue.submit([encoder.finish()]);
  };
  device.createBuffer = (descriptor) => {
    let { buffer, cause } = attempt(descriptor);
    if (!buffer && destroyFreeBuffers(backend) > 0) {
      const end = performance.now() + PATIENCE_MILLISECONDS;
      do {
        submitNothing();
        ({ buffer, cause } = attempt(descriptor));
      } while (!buffer && performance.now() < end);
    }
    if (buffer) return buffer;
    const taken = manager.numBytesUsed;
    throw new DeviceMemoryError({
      problem: `The GPU, on which tensors take ${formatBytes(taken)}, has no room for ${formatBytes(descriptor.size)} more`,
      available: taken,
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
    nothing.destroy();
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
