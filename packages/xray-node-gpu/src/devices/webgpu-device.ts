import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { activateBackend } from './activate-backend.js';
import type { DeviceStarter } from './device.js';
import { locatePackages } from './locate-packages.js';
import { watchWebgpuMemory } from './memory/watch-webgpu.js';
import { registerFilterGradient } from './webgpu-kernels/conv2d-backprop-filter.js';

const PACKAGES = ['webgpu', '@tensorflow/tfjs-backend-webgpu'] as const;

interface Adapter {
  readonly info: Readonly<Record<'device' | 'description' | 'vendor' | 'architecture', string>>;
}

interface Gpu {
  requestAdapter(options?: object): Promise<Adapter | null>;
}

/** Any Vulkan, Metal or Direct3D 12 GPU through Dawn, the WebGPU of Chromium, for Node. */
export const webgpuDevice: DeviceStarter = {
  packages: PACKAGES,
  workers: { most: 1, byDefault: () => 1 }, // one adapter, used as a whole
  install:
    '`npm install webgpu@0.6 @tensorflow/tfjs-backend-webgpu@4.22` on a machine with a graphics driver',
  async start({ memoryLimit }) {
    const located = locatePackages(PACKAGES);
    const [dawn, backend] = PACKAGES.map((name) => located[name]);
    if (!dawn || !backend) throw new Error(`${PACKAGES.join(' and ')} are not both installed`);
    const { create, globals } = (await import(pathToFileURL(dawn.entry).href)) as {
      create(flags: string[]): Gpu;
      globals: object;
    };
    const gpu = create([]);
    exposeGpu(gpu, globals);
    await activateBackend('webgpu', () => import(pathToFileURL(backend.entry).href));
    registerFilterGradient();
    const info = (await gpu.requestAdapter({ powerPreference: 'high-performance' }))?.info;
    const adapter = info === undefined ? 'an unknown adapter' : nameOf(info);
    return {
      description: `WebGPU on ${adapter}, TensorFlow.js ${tf.version_core}`,
      facts: { versions: { webgpu: dawn.version, [PACKAGES[1]]: backend.version }, adapter },
      memory: watchWebgpuMemory(memoryLimit),
      // Dawn aborts or hangs at exit while a device is alive.
      dispose: () => tf.removeBackend('webgpu'),
    };
  },
};

/** As in `probe-child.mjs`: descriptions of NVIDIA name the driver only. */
const nameOf = ({ device, description, vendor, architecture }: Adapter['info']) =>
  [device || `${vendor} ${architecture}`.trim(), description && `(${description})`].filter(Boolean).join(' ');

/** The backend looks for `navigator.gpu` and the constants of WebGPU, as in a browser. */
function exposeGpu(gpu: Gpu, globals: object): void {
  Object.assign(globalThis, globals);
  const navigator = (globalThis as { navigator?: object | undefined }).navigator ?? {};
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}
