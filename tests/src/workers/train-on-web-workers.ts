// Runs in a browser: trains with and without Web Workers on the wasm backend.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { webWorker } from 'xray-train/web-worker';
import { registerKernels } from 'xray-wasm';
import { type Learned, learn, learnOnWorkers, smallCnn } from './small-training.js';

/** What the page is given. */
export interface WebTrainingOptions {
  /** URL of the folder with the binaries of the wasm backend. */
  readonly wasmFolder: string;
  /** Script of the workers. */
  readonly script: string;
  /** Two workers, or none at all. */
  readonly onWorkers: boolean;
  readonly brokenWorker?: number;
}

export async function trainOnWebWorkers(options: WebTrainingOptions): Promise<Learned> {
  const { script, onWorkers, brokenWorker } = options;
  const wasmFolder = new URL(options.wasmFolder, location.href).href;
  setWasmPaths(wasmFolder);
  await tf.setBackend('wasm');
  await registerKernels();
  if (!onWorkers) return learn({ model: smallCnn() });
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  return learnOnWorkers(() => webWorker(new Worker(url)), { data: { wasmFolder, brokenWorker } });
}
