import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { DeviceStarter } from './device.js';
import { selectDevice } from './select-device.js';

const broken: DeviceStarter = {
  start: () => Promise.reject(new Error('this engine has no SIMD')),
};

describe('selectDevice', () => {
  it('takes wasm with our kernels by default, and it computes and trains a convolution', async () => {
    const device = await selectDevice();
    expect(device.kind).toBe('wasm');
    expect(device.skipped).toEqual([]);
    expect(device.description).toMatch(/WebAssembly \((simd|relaxed-simd)\), TensorFlow.js 4\.22\.0/);
    expect(tf.getBackend()).toBe('wasm');

    await import('@tensorflow/tfjs-layers'); // registers the gradients
    const gradient = tf.tidy(() => {
      const image = tf.ones([1, 5, 5, 2]) as tf.Tensor4D;
      const filter = tf.ones([3, 3, 2, 4]) as tf.Tensor4D;
      return tf
        .grad((x) => tf.sum(tf.conv2d(image, x as tf.Tensor4D, 1, 'valid')))(filter)
        .dataSync();
    });
    expect(new Set(gradient)).toEqual(new Set([9])); // each weight touches 3 x 3 ones
    device.dispose();
    expect(tf.findBackend('wasm')).toBeNull();
    for (const kind of ['cpu', 'wasm', 'cpu'] as const) {
      const again = await selectDevice({ require: kind }); // not a silent fallback
      expect(tf.tidy(() => tf.add(1, 2).dataSync()[0])).toBe(3);
      again.dispose();
    }
  });

  it('falls back and says why', async () => {
    const device = await selectDevice({ starters: { wasm: broken } });
    expect(device.kind).toBe('cpu');
    expect(device.skipped).toEqual([{ kind: 'wasm', reason: 'this engine has no SIMD' }]);
    expect(tf.tidy(() => tf.add(1, 2).dataSync()[0])).toBe(3);
    device.dispose();
  });

  it('does not fall back from a required device', async () => {
    await expect(selectDevice({ require: 'wasm', starters: { wasm: broken } })).rejects.toThrow(
      'No device could be started (wasm: this engine has no SIMD). Reinstall the dependencies, or ask for another device of wasm, cpu.',
    );
  });

  it('refuses kinds it does not know', async () => {
    await expect(selectDevice({ require: 'tpu' as 'cpu' })).rejects.toThrow(
      '`require` must be of wasm, cpu. Received: "tpu".',
    );
    await expect(selectDevice({ prefer: [] })).rejects.toThrow(
      '`prefer` must be of wasm, cpu. Received: [].',
    );
  });
});
