// Runs in every Web Worker of the tests.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { modelFromTopology } from 'xray-models';
import { serveReplica } from 'xray-train';
import { webWorkerChannel } from 'xray-train/web-worker';
import { fuse, registerKernels } from 'xray-wasm';

serveReplica(webWorkerChannel(), {
  async createModel({ topology, data, worker }) {
    const { wasmFolder, brokenWorker } = data as { wasmFolder: string; brokenWorker?: number };
    // The workers are the threads: the backend must not start its own in each of them.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    setWasmPaths(wasmFolder);
    await tf.setBackend('wasm');
    await registerKernels();
    if (worker === brokenWorker) {
      setTimeout(() => {
        throw new Error('thrown in a timer');
      }, 0);
      await new Promise(() => {}); // it never gets ready
    }
    return modelFromTopology(topology);
  },
  createForward: fuse,
});
