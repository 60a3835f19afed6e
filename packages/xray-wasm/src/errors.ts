import { XrayError } from 'xray-core';

/** The wasm backend is missing, not initialised or not one this package can work with. Code `wasm-backend`. */
export class WasmBackendError extends XrayError {
  constructor(message: string, options?: ErrorOptions) {
    super('wasm-backend', message, options);
  }
}

/** The heap of the wasm backend, at most 4 GB, has no room left. Code `wasm-out-of-memory`. */
export class WasmMemoryError extends XrayError {
  /** Size of the allocation that failed, in bytes. */
  readonly bytes: number;

  constructor(bytes: number) {
    super(
      'wasm-out-of-memory',
      `The heap of the wasm backend has no room for ${bytes} more bytes. ` +
        'Use smaller batches, and dispose tensors that are no longer needed.',
    );
    this.bytes = bytes;
  }
}
