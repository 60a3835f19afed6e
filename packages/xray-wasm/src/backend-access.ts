import * as tf from '@tensorflow/tfjs-core';
import { WasmBackendError, WasmMemoryError } from './errors.js';

/** TensorFlow.js versions whose internals this package knows. */
const SUPPORTED_VERSIONS = '~4.22.0';

/** The parts of the wasm backend this package relies on. They are internals: `accessBackend` probes them. */
interface WasmBackend {
  readonly wasm: {
    readonly asm?: Readonly<Record<string, unknown>> | undefined;
    readonly wasmMemory?: unknown;
    readonly HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(address: number): void;
  };
  readonly dataIdMap: {
    get(dataId: object): { readonly memoryOffset: number; stringBytes?: Uint8Array[] | undefined };
  };
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  incRef(dataId: object): void;
  disposeData(dataId: object): boolean;
}

/** Typed access to the tensors and the memory of the wasm backend. Addresses are unsigned and in bytes. */
export interface BackendAccess {
  /** The backend itself, as kernels get it. */
  readonly instance: object;
  /** Grows: never keep a view of its buffer. */
  readonly memory: WebAssembly.Memory;
  addressOf(tensor: tf.TensorInfo): number;
  /** New tensor with undefined content; float32 by default. */
  makeOutput(shape: readonly number[], dtype?: 'float32' | 'int32' | 'bool'): tf.TensorInfo;
  /** The values of a tensor of numbers. The view is good until memory is next asked for. */
  valuesOf(tensor: tf.TensorInfo): Float32Array | Int32Array | Uint8Array;
  /** The values of a tensor of strings, encoded. */
  stringsOf(tensor: tf.TensorInfo): readonly Uint8Array[];
  makeStrings(shape: readonly number[], values: Uint8Array[]): tf.TensorInfo;
  /** The same data under another shape, without a copy. */
  share(tensor: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo;
  dispose(tensor: tf.TensorInfo): void;
  allocate(bytes: number): number;
  free(address: number): void;
}

/**
 * Finds the wasm backend without switching to it and checks the internals it is used through.
 *
 * @throws {WasmBackendError} If it is not imported, not initialised, or its internals have moved.
 */
export function accessBackend(): BackendAccess {
  // `tf.findBackend` would start the initialisation of a backend that is not ready; the registry only tells.
  const instance = tf.engine().registry.wasm as unknown as WasmBackend | undefined;
  if (instance === undefined) {
    throw new WasmBackendError(
      tf.engine().registryFactory.wasm === undefined
        ? "The wasm backend is missing. Import '@tensorflow/tfjs-backend-wasm', then call `await tf.setBackend('wasm')` and `await tf.ready()` first."
        : "The wasm backend is not initialised. Call `await tf.setBackend('wasm')` and `await tf.ready()` first.",
    );
  }

  const memory = findMemory(instance);
  const moved = [
    ...(memory === undefined ? ['wasm memory'] : []),
    ...missingFunctions('wasm', instance.wasm, ['_malloc', '_free']),
    ...missingFunctions('dataIdMap', instance.dataIdMap, ['get']),
    ...missingFunctions('backend', instance, ['makeOutput', 'incRef', 'disposeData']),
  ];
  if (memory === undefined || moved.length > 0 || !canAddress(instance)) {
    throw new WasmBackendError(
      `The internals of the wasm backend have moved (${moved.join(', ') || 'tensor addresses'}). ` +
        `Supported: @tensorflow/tfjs-backend-wasm ${SUPPORTED_VERSIONS}; found: TensorFlow.js ${tf.version_core}. ` +
        'Install a supported version, or train without registerKernels().',
    );
  }

  const addressOf = (tensor: tf.TensorInfo): number =>
    instance.dataIdMap.get(tensor.dataId).memoryOffset >>> 0;

  return {
    instance,
    memory,
    addressOf,
    makeOutput(shape, dtype = 'float32') {
      const output = instance.makeOutput([...shape], dtype);
      const size = tf.util.sizeFromShape([...shape]);
      if (addressOf(output) === 0 && size > 0) {
        instance.disposeData(output.dataId);
        throw new WasmMemoryError(size * tf.util.bytesPerElement(dtype));
      }
      return output;
    },
    valuesOf(tensor) {
      const View = VIEWS[tensor.dtype as keyof typeof VIEWS];
      return new View(memory.buffer, addressOf(tensor), tf.util.sizeFromShape([...tensor.shape]));
    },
    stringsOf: (tensor) => instance.dataIdMap.get(tensor.dataId).stringBytes ?? [],
    makeStrings(shape, values) {
      const output = instance.makeOutput([...shape], 'string');
      instance.dataIdMap.get(output.dataId).stringBytes = values;
      return output;
    },
    share(tensor, shape) {
      instance.incRef(tensor.dataId);
      return { dataId: tensor.dataId, shape: [...shape], dtype: tensor.dtype };
    },
    dispose: (tensor) => void instance.disposeData(tensor.dataId),
    allocate(bytes) {
      const address = instance.wasm._malloc(bytes) >>> 0; // above 2 GB it comes back negative
      if (address === 0) throw new WasmMemoryError(bytes);
      return address;
    },
    free: (address) => instance.wasm._free(address),
  };
}

const VIEWS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

/** The memory is an export of the single-threaded module and an import of the threaded one. */
function findMemory({ wasm }: WasmBackend): WebAssembly.Memory | undefined {
  const candidates = [wasm?.wasmMemory, ...Object.values(wasm?.asm ?? {})];
  return candidates.find(
    (candidate): candidate is WebAssembly.Memory =>
      candidate instanceof WebAssembly.Memory && candidate.buffer === wasm.HEAPU8?.buffer,
  );
}

function missingFunctions(owner: string, object: object | undefined, names: readonly string[]): string[] {
  const members = (object ?? {}) as Record<string, unknown>;
  return names.filter((name) => typeof members[name] !== 'function').map((name) => `${owner}.${name}`);
}

/** True when a new tensor has an address inside the heap. */
function canAddress(instance: WasmBackend): boolean {
  const probe = instance.makeOutput([2], 'float32');
  const address: unknown = instance.dataIdMap.get(probe.dataId)?.memoryOffset;
  const isAddress = typeof address === 'number' && address > 0 && address < instance.wasm.HEAPU8.length;
  instance.disposeData(probe.dataId);
  return isAddress;
}
