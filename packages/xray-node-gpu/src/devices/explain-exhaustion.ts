import { XrayError } from 'xray-core';
import type { DeviceKind } from './device.js';

/** The device ran out of memory. Code `device-memory`; `cause` is what the backend threw. */
export class DeviceMemoryError extends XrayError {
  /** Images that were computed at once, where known. */
  readonly images: number | undefined;
  /** Images at once to try next: half of them. Undefined where `images` is unknown or 1. */
  readonly suggestion: number | undefined;

  constructor(problem: string, images: number | undefined, cause: unknown) {
    const suggestion = images !== undefined && images > 1 ? images >> 1 : undefined;
    const fix =
      suggestion === undefined
        ? 'Use fewer images at once, smaller images, or another device.'
        : `Try ${suggestion} images at once, a smaller image size, or another device.`;
    super(
      'device-memory',
      `${problem}${images === undefined ? '' : ` with ${images} images at once`}. ${fix}`,
      {
        cause,
      },
    );
    this.images = images;
    this.suggestion = suggestion;
  }
}

/** What was computed when the memory ran out. */
export interface ExhaustionFacts {
  /** The device in use: the same words mean other things elsewhere. */
  readonly kind: DeviceKind;
  /** Images of a batch. */
  readonly batchSize?: number | undefined;
  /** Images of one forward and backward pass. @default batchSize */
  readonly microBatchSize?: number | undefined;
}

interface KnownExhaustion {
  /** The device that says so. @default any */
  readonly kind?: DeviceKind;
  matches(name: string, message: string): boolean;
  problem(message: string): string;
}

const says = (pattern: RegExp) => (_: string, message: string) => pattern.test(message);

/** First match wins; what the backends throw, as seen with version 4.22. */
const KNOWN: readonly KnownExhaustion[] = [
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
 * Recognises that a device ran out of memory in what its backend threw, and says how many images to try instead. Half
 * of them is a guess: no backend tells how much memory a step would have taken. The process should end afterwards;
 * wasm in particular computes nothing any more.
 *
 * @returns `undefined` for any other error.
 *
 * @example
 * throw explainExhaustion(error, { kind: device.kind, batchSize: 32 }) ?? error;
 */
export function explainExhaustion(
  error: unknown,
  { kind, batchSize, microBatchSize = batchSize }: ExhaustionFacts,
): DeviceMemoryError | undefined {
  const { name = '', message = '' } = error as { name?: string; message?: string };
  const known = KNOWN.find(
    (entry) => (entry.kind === undefined || entry.kind === kind) && entry.matches(name, message),
  );
  return known && new DeviceMemoryError(known.problem(message), microBatchSize, error);
}

function shapeIn(message: string): string {
  const shape = message.match(/tensor with shape(\[[\d,]*\])/)?.[1];
  return shape === undefined ? '' : ` for a tensor of shape ${shape}`;
}
