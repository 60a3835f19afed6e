import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import type { DeviceStarter, StartedDevice, StartOptions } from './device.js';
import { locatePackages } from './locate-packages.js';
import { watchTensorMemory } from './memory/watch-tensors.js';
import { visibleGpus } from './visible-gpus.js';

/** TensorFlow's own CPU kernels through `@tensorflow/tfjs-node`. */
export const nodeDevice: DeviceStarter = {
  packages: ['@tensorflow/tfjs-node'],
  workers: { most: Number.POSITIVE_INFINITY, byDefault: () => 1 }, // it uses all cores by itself
  install: '`npm install @tensorflow/tfjs-node@4.22` (its install script downloads the TensorFlow library)',
  start: (options) => startNative('@tensorflow/tfjs-node', 'native TensorFlow on the CPU', options),
};

/** CUDA through `@tensorflow/tfjs-node-gpu`; Linux and Windows, NVIDIA only. */
export const nodeGpuDevice: DeviceStarter = {
  packages: ['@tensorflow/tfjs-node-gpu'],
  workers: { most: Number.POSITIVE_INFINITY, byDefault: () => Math.max(1, visibleGpus().length) },
  install:
    '`npm install @tensorflow/tfjs-node-gpu@4.22` on a machine with an NVIDIA GPU, CUDA 11.2 and cuDNN 8.1 (docs/devices.md)',
  start: (options) => startNative('@tensorflow/tfjs-node-gpu', 'NVIDIA GPU (CUDA)', options),
};

interface NativeBackend {
  readonly binding?: { readonly TF_Version?: string | undefined } | undefined;
}

async function startNative(
  name: string,
  title: string,
  { memoryLimit }: StartOptions,
): Promise<StartedDevice> {
  prepareProcess();
  const { [name]: found } = locatePackages([name]);
  if (!found) throw new Error(`${name} is not installed`);
  await import(pathToFileURL(found.entry).href);
  if (!(await tf.setBackend('tensorflow'))) throw new Error('the tensorflow backend did not initialise');
  await tf.ready();
  const library = (tf.backend() as unknown as NativeBackend).binding?.TF_Version ?? 'unknown';
  return {
    description: `${title}, TensorFlow ${library}, TensorFlow.js ${tf.version_core}`,
    facts: { versions: { [name]: found.version, tensorflow: library } },
    memory: watchTensorMemory(memoryLimit),
    // The native library stays loaded until the process ends; only its tensors can be given back.
    dispose: () => tf.disposeVariables(),
  };
}

/** What has to be in place before the native module is loaded. */
function prepareProcess(): void {
  // Gone since Node 23, still called by tfjs-node 4.22 (tensorflow/tfjs#8609).
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  // Otherwise TensorFlow takes all of the GPU's memory at once.
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
}
