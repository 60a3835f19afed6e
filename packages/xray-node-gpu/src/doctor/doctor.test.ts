import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { DEVICE_KINDS } from '../devices/device.js';
import { diagnose, formatDiagnosis, withTiming } from './doctor.js';

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const PROGRAM = join(import.meta.dirname, '..', 'bin', 'xray-node-gpu.ts');

function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', TSX, '--conditions=@xray/source', PROGRAM, ...args]);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('xray-node-gpu doctor', () => {
  it('lists every device as JSON, timed, and ends well when the wanted one works', async () => {
    const { code, stdout } = await run('doctor', '--json', '--bench', '--device', 'wasm');
    const { devices, healthy, chosen, machine } = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(healthy).toBe(true);
    expect(DEVICE_KINDS).toContain(chosen);
    expect(devices.map(({ kind }: { kind: string }) => kind)).toEqual(DEVICE_KINDS);
    expect(machine.node).toBe(process.version);
    const wasm = devices.find(({ kind }: { kind: string }) => kind === 'wasm');
    expect(wasm).toMatchObject({ works: true, imagesPerSecond: expect.any(Number) });
    expect(wasm.imagesPerSecond).toBeGreaterThan(0);
  });

  it('ends with 1 when the wanted device does not work', async () => {
    const { code, stdout } = await run('doctor', '--device', 'node-gpu');
    expect(code).toBe(stdout.match(/^node-gpu +works/m) ? 0 : 1);
    expect(stdout).toMatch(/^wasm +works/m);
  });

  it('ends with 1 and a sentence when XRAY_DEVICE names no device', async () => {
    vi.stubEnv('XRAY_DEVICE', 'tpu');
    const { code, stderr } = await run('doctor');
    vi.unstubAllEnvs();
    expect(code).toBe(1);
    const text = 'must be one of node-gpu, webgpu, node, wasm, cpu. Received: "tpu".';
    expect(stderr).toBe(`Error: \`XRAY_DEVICE\` ${text}\n`);
  });
});

describe('the device that XRAY_DEVICE names', () => {
  it('is the one that has to work and that is taken', async () => {
    vi.stubEnv('XRAY_DEVICE', 'cpu');
    expect(await diagnose({ bench: false, software: false })).toMatchObject({ healthy: true, chosen: 'cpu' });
    vi.stubEnv('XRAY_DEVICE', 'node-gpu');
    const { healthy, chosen, devices } = await diagnose({ bench: false, software: false });
    const works = devices.find(({ kind }) => kind === 'node-gpu')!.works;
    expect([healthy, chosen]).toEqual([works, works ? 'node-gpu' : null]);
    expect((await diagnose({ device: 'wasm', bench: false, software: false })).healthy).toBe(true);
    vi.stubEnv('XRAY_DEVICE', 'tpu');
    await expect(diagnose({ bench: false, software: false })).rejects.toThrow('`XRAY_DEVICE` must be one of');
    vi.unstubAllEnvs();
  });
});

describe('withTiming', () => {
  const entry = { kind: 'node-gpu', works: true, facts: { versions: { tfjs: '4.22.0' } } } as const;

  it('adds the speed', () => {
    expect(withTiming(entry, { imagesPerSecond: 12 })).toEqual({ ...entry, imagesPerSecond: 12 });
  });

  it('does not count a device that fails in training as working', () => {
    expect(withTiming(entry, { output: 'CUDNN_STATUS_NOT_INITIALIZED' })).toEqual({
      ...{ kind: 'node-gpu', works: false, installed: true },
      reason: 'it starts, but does not train: cuDNN does not work with this GPU and driver',
      fix: expect.stringContaining('cuDNN 8.1'),
    });
  });
});

describe('formatDiagnosis', () => {
  it('shows state, speed, details and what to do', () => {
    const text = formatDiagnosis({
      machine: {
        node: 'v20.20.2',
        platform: 'linux-x64',
        processor: 'Some CPU',
        cores: 8,
        memoryMegabytes: 16000,
        nvidia: ['RTX 3060, 550.1, 12288 MiB'],
      },
      devices: [
        {
          kind: 'node-gpu',
          works: false,
          installed: false,
          reason: 'it is not installed',
          fix: 'Install it.',
        },
        {
          kind: 'webgpu',
          works: true,
          facts: { versions: { webgpu: '0.6.2' }, adapter: 'RTX 3060' },
          imagesPerSecond: 123.45,
        },
      ],
      chosen: 'webgpu',
      healthy: true,
    });
    expect(text).toContain('NVIDIA RTX 3060, 550.1, 12288 MiB');
    expect(text).toMatch(/^device +state +images\/s +details$/m);
    expect(text).toMatch(/^webgpu +works +123\.5 +RTX 3060, webgpu 0\.6\.2$/m);
    expect(text).toMatch(/^node-gpu +not usable +it is not installed$/m);
    expect(text).toContain('  node-gpu: Install it.');
    expect(text).toContain('Chosen by default: webgpu');
  });
});
