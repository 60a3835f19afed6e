import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { physicalCores } from '../worker-pool/physical-cores.js';
import type { DeviceStarter } from './device.js';
import { DeviceMemoryError } from './memory/device-memory-error.js';
import { NoDeviceError, type SelectDeviceOptions, selectDevice } from './select-device.js';
import { STARTERS } from './starters.js';

const broken: DeviceStarter = {
  packages: [],
  workers: { most: 1, byDefault: () => 1 },
  install: '',
  start: () => Promise.reject(new Error('this engine has no SIMD')),
};

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

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

  it('tells an interrupted installation from a missing one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'incomplete-'));
    await mkdir(join(folder, 'node_modules', '@tensorflow', 'absent'), { recursive: true });
    vi.spyOn(process, 'cwd').mockReturnValue(folder);
    const absent: DeviceStarter = { ...broken, packages: ['@tensorflow/absent'], install: 'npm install it' };
    const error = await selectDevice({ require: 'node', starters: { node: absent } }).catch(
      (reason) => reason,
    );
    expect(error.skipped).toEqual([
      {
        ...{ kind: 'node', installed: true },
        reason: '@tensorflow/absent is installed incompletely: its folder has no entry that can be loaded',
        fix: 'Install it again: remove node_modules/@tensorflow/absent, then npm install it',
      },
    ]);
    await rm(folder, { recursive: true });
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
      '`XRAY_DEVICE` must be one of node-gpu, webgpu, node, wasm, cpu. Received: "tpu".',
    );
  });

  it('says how many workers a device is good for', async () => {
    const workersOf = async (options: SelectDeviceOptions) => {
      const device = await selectDevice(options);
      device.dispose();
      return device.workers;
    };
    expect(await workersOf({ require: 'wasm' })).toBe(physicalCores());
    expect(await workersOf({ require: 'cpu', workers: 3 })).toBe(3);
    const gpu = { ...STARTERS.cpu, workers: STARTERS.webgpu.workers };
    expect(await workersOf({ require: 'webgpu', workers: 3, starters: { webgpu: gpu } })).toBe(1);
    const native = { ...STARTERS.cpu, workers: STARTERS.node.workers };
    expect(await workersOf({ require: 'node', starters: { node: native } })).toBe(1);
    expect(await workersOf({ require: 'node', workers: 3, starters: { node: native } })).toBe(3);
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '0,2');
    const cuda = { ...STARTERS.cpu, workers: STARTERS['node-gpu'].workers };
    expect(await workersOf({ require: 'node-gpu', starters: { 'node-gpu': cuda } })).toBe(2);
    await expect(selectDevice({ workers: 0 })).rejects.toThrow('`workers` must be a whole number from 1 up');
  });

  it.each(['wasm', 'cpu'] as const)('keeps tensors on %s within a limit', async (kind) => {
    const device = await selectDevice({ require: kind, memoryLimit: 10 });
    const before = tf.memory().numTensors;
    expect(device.memory.limit).toBe(10 * 2 ** 20);
    const mebibytes = 2 ** 18;
    const kept = tf.zeros([4 * mebibytes]);
    const used = device.memory.used();
    expect(used).toBeGreaterThanOrEqual(4 * 2 ** 20);
    expect(used).toBeLessThan(4.5 * 2 ** 20);

    const error = await (async () => tf.tidy(() => tf.add(kept, tf.add(kept, 1))))().catch(
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(DeviceMemoryError);
    expect(error).toMatchObject({ code: 'device-memory', available: 10 * 2 ** 20 });
    expect(error.message).toMatch(
      /^The memory limit of 10 MiB, of which 8 MiB are in use, does not leave room for 4 MiB more\. Use fewer images/,
    );
    // It did not happen: what was there is right, and there is room for as much as before.
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(device.memory.used()).toBe(used);
    const peak = await device.memory.peakOf(async () => tf.dispose(tf.add(kept, 1)));
    expect(peak).toBeGreaterThanOrEqual(8 * 2 ** 20);
    expect(peak).toBeLessThan(8.5 * 2 ** 20);
    expect(tf.tidy(() => tf.sum(tf.add(kept, 1)).dataSync()[0])).toBe(4 * mebibytes);
    kept.dispose();
    device.dispose();
  });

  it('lifts the limit when the device is given back', async () => {
    for (const kind of ['cpu', 'wasm'] as const) {
      (await selectDevice({ require: kind, memoryLimit: 1 })).dispose();
      const device = await selectDevice({ require: kind });
      tf.dispose(tf.zeros([2 ** 20]));
      device.dispose();
    }
    await expect(selectDevice({ memoryLimit: 0 })).rejects.toThrow(
      '`memoryLimit` must be a number of MiB above 0. Received: 0.',
    );
  });

  it('throws before the heap of wasm is written past its end, and computes on', async () => {
    const device = await selectDevice({ require: 'wasm' });
    const backend = tf.backend() as unknown as { makeOutput(shape: number[], dtype: string): object };
    const gibibyte = () => backend.makeOutput([2 ** 28], 'float32'); // takes memory without writing to it
    expect(() => [gibibyte(), gibibyte(), gibibyte(), gibibyte()]).toThrow(
      /^The heap of WebAssembly \(at most 4 GB\), of which tensors take 3 GiB, has no room for 1 GiB more\. Use/,
    );
    expect(tf.tidy(() => tf.add(1, 2).dataSync()[0])).toBe(3);
    device.dispose();
  });

  it('refuses kinds it does not know', async () => {
    await expect(selectDevice({ require: 'tpu' as 'cpu' })).rejects.toThrow(
      '`require` must be one of node-gpu, webgpu, node, wasm, cpu. Received: "tpu".',
    );
    await expect(selectDevice({ prefer: [] })).rejects.toThrow(
      '`prefer` must be one or more of node-gpu, webgpu, node, wasm, cpu. Received: [].',
    );
  });
});
