/**
 * Everything exported here is public and covered by semver; nothing else is.
 *
 * @module xray-wasm
 */
export { WasmBackendError, WasmMemoryError } from './errors.js';
export { fuse } from './fuse/fuse.js';
export type { KernelVariant } from './load-module.js';
export type { RegisterKernelsOptions, WasmKernels } from './register-kernels.js';
export { registerKernels } from './register-kernels.js';
