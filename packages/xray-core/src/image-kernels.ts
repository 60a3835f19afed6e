import { kernels as binaryKernels } from './generated/image-kernels.js';

/** The functions of `assembly/`. Arguments are addresses, strides (bytes) and counts. */
interface ImageKernels {
  /** Nothing in it outlasts a call. */
  readonly memory: WebAssembly.Memory;
  luma(...values: number[]): void;
  resampleColumns(...values: number[]): void;
  resampleRows(...values: number[]): void;
}

const PAGE = 65536;

/** `undefined` until asked for, `null` where the engine has no WebAssembly SIMD or does not let this page use it. */
let kernels: ImageKernels | null | undefined;

/** @internal The kernels, made at the first call; `null` where that is not possible. */
export function imageKernels(): ImageKernels | null {
  if (kernels === undefined) kernels = openKernels();
  return kernels;
}

/** @internal Makes room for so many bytes, or returns false. Earlier views of the memory are lost. */
export function growMemory(memory: WebAssembly.Memory, bytes: number): boolean {
  const pages = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  try {
    if (pages > 0) memory.grow(pages);
    return true;
  } catch {
    return false;
  }
}

function openKernels(): ImageKernels | null {
  try {
    const binary = Uint8Array.from(atob(binaryKernels), (character) => character.charCodeAt(0));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary));
    return exports as unknown as ImageKernels;
  } catch {
    return null;
  }
}
