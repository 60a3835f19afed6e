import { describe, expect, it } from 'vitest';
import { XrayError } from 'xray-core';
import type { DeviceKind } from '../device.js';
import { DeviceMemoryError, limitReached } from './device-memory-error.js';
import { explainExhaustion } from './explain-exhaustion.js';

// What the backends really throw when a tensor does not fit (tfjs-node 4.22 on TensorFlow 2.15, wasm, Dawn 0.6).
const SEEN: readonly [kind: DeviceKind, error: Error, message: RegExp][] = [
  [
    'node',
    new Error(
      'Invalid TF_Status: 8\nMessage: OOM when allocating tensor with shape[524288,524288] and type float on /job:localhost/replica:0/task:0/device:CPU:0 by allocator mklcpu',
    ),
    /^TensorFlow ran out of memory for a tensor of shape \[524288,524288\] with 16 images at once\. Try 8 at once/,
  ],
  [
    'wasm',
    new WebAssembly.RuntimeError('memory access out of bounds'),
    /^The memory of WebAssembly.* probably/,
  ],
  ['wasm', new WebAssembly.RuntimeError('table index is out of bounds'), /^The memory of WebAssembly/],
  [
    'wasm',
    new XrayError('wasm-out-of-memory', 'The heap of the wasm backend has no room for 64 more bytes. Use'),
    /^The heap of WebAssembly \(at most 4 GB\) has no room left/,
  ],
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

  it('says how many images fit where that was measured, and never those that did not', () => {
    const error = limitReached(2 ** 30, 2 ** 29, 3 * 2 ** 28);
    const facts = { kind: 'wasm', batchSize: 32, microBatchSize: 16 } as const;
    expect(explainExhaustion(error, { ...facts, fitting: 11 })).toMatchObject({
      ...{ suggestion: 11, images: 16, available: 2 ** 30 },
      message:
        'The memory limit of 1 GiB, of which 512 MiB are in use, does not leave room for 768 MiB more with 16 images at once. ' +
        'By measurement it is enough for 11 at once; or use smaller images, or another device.',
    });
    expect(explainExhaustion(error, { ...facts, fitting: 16 })!.suggestion).toBe(15);
    const none = explainExhaustion(error, { ...facts, fitting: 0 })!;
    expect(none.suggestion).toBeUndefined();
    expect(none.message).toMatch(/with 16 images at once\. Use fewer images at once, smaller images, or/);
  });

  it('finds it in the error of a worker, where it has lost its fields', () => {
    const { name, message } = limitReached(2 ** 20, 2 ** 19, 2 ** 20);
    const cause = Object.assign(new Error(message), { name });
    const failed = new XrayError('worker-failed', 'Worker 1 of 2 failed', { cause });
    expect(explainExhaustion(failed, { kind: 'wasm', batchSize: 8 })!.message).toBe(
      'The memory limit of 1 MiB, of which 512 KiB are in use, does not leave room for 1 MiB more with 8 images at once. ' +
        'Try 4 at once; or use smaller images, or another device.',
    );
    const other = new XrayError('worker-failed', 'Worker 1 of 2 failed', { cause: new Error('exited') });
    expect(explainExhaustion(other, { kind: 'wasm', batchSize: 8 })).toBeUndefined();
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
