import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { registerKernels } from 'xray-wasm';
import { activateBackend } from './activate-backend.js';
import type { DeviceStarter } from './device.js';
import { watchWasmMemory } from './memory/watch-wasm.js';
import { THREADS } from './thread-workers.js';

let isPathSet = false;

/** The stock wasm backend with the training kernels of xray-wasm. */
export const wasmDevice: DeviceStarter = {
  packages: [],
  workers: THREADS,
  install: 'Reinstall xray-node-gpu.',
  async start({ memoryLimit }) {
    await activateBackend('wasm', async () => {
      const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
      if (isPathSet) return;
      const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
      setWasmPaths(join(dirname(entry), sep));
      isPathSet = true; // it may be set before the first start only
    });
    const kernels = await registerKernels();
    return {
      description: `WebAssembly (${kernels.variant}), TensorFlow.js ${tf.version_core}, ${kernels.kernels.length} kernels of xray-wasm`,
      facts: { versions: { '@tensorflow/tfjs-core': tf.version_core } },
      memory: watchWasmMemory(memoryLimit),
      dispose() {
        kernels.unregister();
        try {
          tf.removeBackend('wasm');
        } catch (error) {
          // Once its memory has run out, even ending it fails, and would hide the error that says so.
          if (!(error instanceof WebAssembly.RuntimeError)) throw error;
        }
      },
    };
  },
};
