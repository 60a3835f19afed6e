import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { DeviceStarter } from './device.js';
import { NoDeviceError, selectDevice } from './select-device.js';

const broken: DeviceStarter = {
  packages: [],
  install: '',
  start: () => Promise.reject(new Error('this engine has no SIMD')),
};

afterEach(() => vi.unstubAllEnvs());

describe('selectDevice', () => {
  it('takes wasm with our kernels, and it computes and trains a convolution', async () => {
    const device = await selectDevice({ prefer: ['wasm', 'cpu'] });
    expect(device.kind).toBe('wasm');
    expect(device.facts.versions).toEqual({ '@tensorflow/tfjs-core': '4.22.0' });
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
    const device = await selectDevice({ prefer: ['wasm', 'cpu'], starters: { wasm: broken } });
    expect(device.kind).toBe('cpu');
    expect(device.skipped).toEqual([{ kind: 'wasm', installed: true, reason: 'this engine has no SIMD' }]);
    expect(tf.tidy(() => tf.add(1, 2).dataSync()[0])).toBe(3);
    device.dispose();
  });

  it('does not fall back from a required device', async () => {
    await expect(selectDevice({ require: 'wasm', starters: { wasm: broken } })).rejects.toThrow(
      'No device could be started. wasm: this engine has no SIMD. All of them: `npx xray-node-gpu doctor`.',
    );
  });

  it('says how to get a required device that is not installed', async () => {
    const absent: DeviceStarter = { ...broken, packages: ['@tensorflow/absent'], install: 'npm install it' };
    const error = await selectDevice({ require: 'node', starters: { node: absent } }).catch(
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(NoDeviceError);
    expect(error.skipped).toEqual([
      {
        kind: 'node',
        installed: false,
        reason: '@tensorflow/absent is not installed',
        fix: 'npm install it',
      },
    ]);
    expect(error.message).toContain('node: @tensorflow/absent is not installed. Fix: npm install it');
  });

  it('takes the device named by XRAY_DEVICE, unless the program asks for one', async () => {
    vi.stubEnv('XRAY_DEVICE', 'cpu');
    const named = await selectDevice();
    expect(named.kind).toBe('cpu');
    named.dispose();
    const asked = await selectDevice({ require: 'wasm' });
    expect(asked.kind).toBe('wasm');
    asked.dispose();
    vi.stubEnv('XRAY_DEVICE', 'tpu');
    await expect(selectDevice()).rejects.toThrow(
      '`XRAY_DEVICE` must be of node-gpu, webgpu, node, wasm, cpu. Received: "tpu".',
    );
  });

  it('refuses kinds it does not know', async () => {
    await expect(selectDevice({ require: 'tpu' as 'cpu' })).rejects.toThrow(
      '`require` must be of node-gpu, webgpu, node, wasm, cpu. Received: "tpu".',
    );
    await expect(selectDevice({ prefer: [] })).rejects.toThrow(
      '`prefer` must be of node-gpu, webgpu, node, wasm, cpu. Received: [].',
    );
  });
});
