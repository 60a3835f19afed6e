import * as tf from '@tensorflow/tfjs-core';
import { activateBackend } from './activate-backend.js';
import type { DeviceStarter } from './device.js';
import { watchTensorMemory } from './memory/watch-tensors.js';
import { THREADS } from './thread-workers.js';

/** Plain JavaScript: works everywhere, about a thousand times slower to train a CNN than wasm. */
export const cpuDevice: DeviceStarter = {
  packages: [],
  workers: THREADS,
  install: 'Reinstall xray-node-gpu.',
  async start({ memoryLimit }) {
    await activateBackend('cpu', () => import('@tensorflow/tfjs-backend-cpu'));
    return {
      description: `plain JavaScript (slow), TensorFlow.js ${tf.version_core}`,
      facts: { versions: { '@tensorflow/tfjs-core': tf.version_core } },
      memory: watchTensorMemory(memoryLimit),
      dispose: () => tf.removeBackend('cpu'),
    };
  },
};
