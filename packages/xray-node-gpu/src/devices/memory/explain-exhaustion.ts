import { XrayError } from 'xray-core';
import type { DeviceKind } from '../device.js';
import { DeviceMemoryError } from './device-memory-error.js';

/** What was computed when the memory ran out. */
export interface ExhaustionFacts {
  /** The device in use: the same words mean other things elsewhere. */
  readonly kind: DeviceKind;
  /** Images of a batch. */
  readonly batchSize?: number | undefined;
  /** Images of one forward and backward pass. @default batchSize */
  readonly microBatchSize?: number | undefined;
  /** Images that fit, from `imagesThatFit`. @default unknown: half of those that did not is a guess */
  readonly fitting?: number | undefined;
}

interface KnownExhaustion {
  /** The device that says so. @default any */
  readonly kind?: DeviceKind | undefined;
  matches(name: string, message: string): boolean;
  problem(message: string): string;
}

const says = (pattern: RegExp) => (_: string, message: string) => pattern.test(message);

/** First match wins; what the backends throw, as seen with version 4.22. */
const KNOWN: readonly KnownExhaustion[] = [
  {
    // The error of xray-wasm, where the device was not started by `selectDevice`.
    kind: 'wasm',
    matches: says(/The heap of the wasm backend has no room/),
    problem: () => 'The heap of WebAssembly (at most 4 GB) has no room left',
  },
  {
    matches: says(/OOM when allocating tensor|Invalid TF_Status: 8|RESOURCE_EXHAUSTED/),
    problem: (message) => `TensorFlow ran out of memory${shapeIn(message)}`,
  },
  {
    // tfjs-backend-wasm does not check whether its memory could grow.
    kind: 'wasm',
    matches: (name, message) =>
      name === 'RuntimeError' && /memory access out of bounds|table index is out of bounds/.test(message),
    problem: () => 'The memory of WebAssembly (at most 4 GB) probably ran out',
  },
  {
    // Dawn refuses the buffer, prints why, and fails the read that follows without a message.
    kind: 'webgpu',
    matches: (name, message) => name === 'OperationError' && message.trim() === '',
    problem: () =>
      'The GPU probably refused a buffer that is larger than its limit or its free memory (it says so on stderr)',
  },
  {
    matches: says(/out of memory|OUT_OF_(?:DEVICE_)?MEMORY|exceeds the max buffer size limit/i),
    problem: () => 'The device ran out of memory',
  },
  {
    matches: (name, message) =>
      name === 'RangeError' && /Array buffer allocation failed|Invalid typed array length/.test(message),
    problem: () => 'A tensor did not fit into memory',
  },
];

/**
 * Recognises that a device ran out of memory in what was thrown, in a worker too, and says how many images to try instead:
 * as many as fit, where that was measured, else half of them. A device that `selectDevice` started throws before its
 * memory is gone and can be used on; after any other error the process should end, since wasm in particular computes
 * nothing any more.
 *
 * @returns `undefined` for any other error.
 *
 * @example
 * throw explainExhaustion(error, { kind: device.kind, batchSize: 32 }) ?? error;
 */
export function explainExhaustion(
  error: unknown,
  { kind, batchSize, microBatchSize: images = batchSize, fitting }: ExhaustionFacts,
): DeviceMemoryError | undefined {
  if (XrayError.isInstance(error) && error.code === 'worker-failed') {
    return explainExhaustion(error.cause, { kind, batchSize, microBatchSize: images, fitting });
  }
  if (XrayError.isInstance(error) && error.code === 'device-memory') {
    const { problem, available } = error as DeviceMemoryError;
    return new DeviceMemoryError({ problem, available, images, fitting, cause: error.cause });
  }
  const { name = '', message = '' } = error as { name?: string | undefined; message?: string | undefined };
  if (name === 'DeviceMemoryError') {
    // From another thread errors come without their fields.
    const problem = message.replace(/\. Use fewer images.*/, '');
    return new DeviceMemoryError({ problem, images, fitting, cause: error });
  }
  const known = KNOWN.find(
    (entry) => (entry.kind === undefined || entry.kind === kind) && entry.matches(name, message),
  );
  return known && new DeviceMemoryError({ problem: known.problem(message), images, fitting, cause: error });
}

function shapeIn(message: string): string {
  const shape = message.match(/tensor with shape(\[[\d,]*\])/)?.[1];
  return shape === undefined ? '' : ` for a tensor of shape ${shape}`;
}
