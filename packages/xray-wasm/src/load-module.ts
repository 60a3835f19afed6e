import { WasmBackendError } from './errors.js';
import { kernels as relaxedSimdKernels } from './generated/kernels-relaxed-simd.js';
import { kernels as simdKernels } from './generated/kernels-simd.js';

/** Which build runs: `relaxed-simd` multiplies and adds in one rounding where the CPU can. */
export type KernelVariant = 'simd' | 'relaxed-simd';

/**
 * The functions of the compiled module, see `assembly/`. Arguments are addresses (bytes, unsigned), counts (elements)
 * and flags (0 or 1); the order is that of the assembly.
 */
export type KernelModule = {
  readonly [name in
    | 'accumulateFilterGradient'
    | 'addPatches'
    | 'averagePool'
    | 'averagePoolGradient'
    | 'blockGradientWindow'
    | 'clear'
    | 'columnMoments'
    | 'convolve'
    | 'copyRuns'
    | 'copyVector'
    | 'copyWindow'
    | 'depthwiseConvolve'
    | 'depthwiseFilterGradient'
    | 'depthwiseInputGradient'
    | 'maxPool'
    | 'maxPoolGradient'
    | 'maxPoolGradient2x2'
    | 'normalizationGradient'
    | 'normalizationSums'
    | 'normalize'
    | 'packColumns'
    | 'packRotatedFilter'
    | 'multiplyMatrices'
    | 'accumulateMatrices'
    | 'packTransposedColumns'
    | 'poolRelu2x2'
    | 'repeatRuns'
    | 'reverseAxis'
    | 'sumMaskedRows'
    | 'sumMiddle'
    | 'sumRows'
    | 'sumSegments'
    | 'transformFilter'
    | 'unpackTiles'
    | 'winogradAccumulateFilterGradient'
    | 'winogradConvolve'
    | 'winogradFinishFilterGradient']: (...values: number[]) => void;
};

/**
 * Instantiates the kernels in the memory of the wasm backend.
 *
 * @param relaxedSimd - `'auto'` takes relaxed SIMD where the engine has it; `true` insists on it.
 * @throws {WasmBackendError} If the engine has no WebAssembly SIMD, or not the relaxed SIMD that was asked for.
 */
export async function loadModule(
  memory: WebAssembly.Memory,
  relaxedSimd: boolean | 'auto',
): Promise<{ variant: KernelVariant; module: KernelModule }> {
  const simd = decodeBase64(simdKernels);
  if (!WebAssembly.validate(simd)) {
    throw new WasmBackendError(
      'This JavaScript engine has no WebAssembly SIMD, which the training kernels need. Use a newer engine, or train without registerKernels().',
    );
  }
  const relaxed = decodeBase64(relaxedSimdKernels);
  const hasRelaxedSimd = relaxedSimd !== false && WebAssembly.validate(relaxed);
  if (relaxedSimd === true && !hasRelaxedSimd) {
    throw new WasmBackendError(
      "This JavaScript engine has no WebAssembly relaxed SIMD. Pass `relaxedSimd: 'auto'` to fall back to plain SIMD.",
    );
  }
  const binary = hasRelaxedSimd ? relaxed : simd;
  if (isShared(memory)) declareSharedMemory(binary);
  const { instance } = await WebAssembly.instantiate(binary, { env: { memory } });
  return {
    variant: hasRelaxedSimd ? 'relaxed-simd' : 'simd',
    module: instance.exports as unknown as KernelModule,
  };
}

/** `atob` exists in browsers, workers and Node alike. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The threaded backend, used in cross-origin isolated pages, has a shared memory. */
function isShared(memory: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
}

/**
 * Changes the import of `env.memory` to a shared memory, in place. Only the declaration differs: the kernels need no
 * atomics, since each call works on memory that belongs to its own thread.
 *
 * @see https://webassembly.github.io/spec/core/binary/types.html#limits (1: with maximum, 3: shared too)
 */
function declareSharedMemory(binary: Uint8Array): void {
  // 3 'env' 6 'memory', kind 2 (memory), limits 1 (with maximum)
  const declaration = [3, ...encode('env'), 6, ...encode('memory'), 2, 1];
  const start = binary.findIndex((_, at) =>
    declaration.every((byte, offset) => binary[at + offset] === byte),
  );
  binary[start + declaration.length - 1] = 3;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
