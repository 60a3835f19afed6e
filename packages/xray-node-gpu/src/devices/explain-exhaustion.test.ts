import { describe, expect, it } from 'vitest';
import type { DeviceKind } from './device.js';
import { DeviceMemoryError, explainExhaustion } from './explain-exhaustion.js';

// What the backends really throw when a tensor does not fit (tfjs-node 4.22 on TensorFlow 2.15, wasm, Dawn 0.6).
const SEEN: readonly [kind: DeviceKind, error: Error, message: RegExp][] = [
  [
    'node',
    new Error(
      'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[524288,524288] and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator mklcpu',
    ),
    /^TensorFlow ran out of memory for a tensor of shape \[524288,524288\] with 16 images at once\. Try 8 images/,
  ],
  [
    'wasm',
    new WebAssembly.RuntimeError('memory access out of bounds'),
    /^The memory of WebAssembly.* probably/,
  ],
  ['wasm', new WebAssembly.RuntimeError('table index is out of bounds'), /^The memory of WebAssembly/],
  ['wasm', new RangeError('Invalid typed array length: 274877906944'), /^A tensor did not fit into memory/],
  ['webgpu', new DOMException('', 'OperationError') as Error, /^The GPU probably refused a buffer/],
];

describe('explainExhaustion', () => {
  it.each(SEEN)('%s: %s', (kind, error, message) => {
    const explained = explainExhaustion(error, { kind, batchSize: 32, microBatchSize: 16 })!;
    expect(explained).toBeInstanceOf(DeviceMemoryError);
    expect(explained.message).toMatch(message);
    expect(explained).toMatchObject({ code: 'device-memory', images: 16, suggestion: 8, cause: error });
  });

  it('takes the whole batch where there are no micro-batches, and has no half of one image', () => {
    const error = new Error('OOM when allocating tensor');
    expect(explainExhaustion(error, { kind: 'node-gpu', batchSize: 5 })!.suggestion).toBe(2);
    for (const facts of [{ kind: 'node', batchSize: 1 }, { kind: 'node' }] as const) {
      const explained = explainExhaustion(error, facts)!;
      expect(explained.suggestion).toBeUndefined();
      expect(explained.message).toMatch(/Use fewer images at once, smaller images, or another device\.$/);
    }
  });

  it('leaves other errors alone, the same words of another backend among them', () => {
    const others = [
      new Error('something else'),
      new WebAssembly.RuntimeError('memory access out of bounds'),
      new DOMException('', 'OperationError'),
      'text',
    ];
    for (const error of others)
      expect(explainExhaustion(error, { kind: 'cpu', batchSize: 8 })).toBeUndefined();
  });
});
