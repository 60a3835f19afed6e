import { growMemory, imageKernels } from './image-kernels.js';

/** Pixels in the memory of the kernels at a time: a multiple of 16, few enough to stay in the cache. */
const STRIPE = 16_384;
/** The last pixels are read together with so many bytes behind them. */
const BEYOND = 4;

/**
 * @internal Gray levels of RGB pixels, the same as in plain JavaScript, with WebAssembly SIMD.
 *
 * @param color - `[pixels * 3]`.
 * @returns `[pixels]`, or `undefined` where that is not possible.
 */
export function lumaSimd(color: Uint8Array | Uint8ClampedArray): Uint8Array | undefined {
  const kernels = imageKernels();
  if (!kernels || !growMemory(kernels.memory, 4 * STRIPE + BEYOND)) return undefined;
  const memory = new Uint8Array(kernels.memory.buffer);
  const gray = new Uint8Array(color.length / 3);
  const source = STRIPE; // behind the result
  for (let first = 0; first < gray.length; first += STRIPE) {
    const count = Math.min(STRIPE, gray.length - first);
    memory.set(color.subarray(first * 3, (first + count) * 3), source);
    kernels.luma(source, 0, Math.ceil(count / 16) * 16);
    gray.set(memory.subarray(0, count), first);
  }
  return gray;
}
