// Runs in a browser: trains with and without Web Workers on the wasm backend.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { createBatches, createPixelStore, createSyntheticDataset } from 'xray-dataset';
import { createCnn } from 'xray-models';
import { openReplicas, predict, train } from 'xray-train';
import { webWorker } from 'xray-train/web-worker';
import { registerKernels } from 'xray-wasm';

/** What came of it. */
export interface WebTraining {
  readonly losses: number[];
  readonly probabilities: number[];
  readonly weights: number[];
}

/** What the page is given. */
export interface WebTrainingOptions {
  /** URL of the folder with the binaries of the wasm backend. */
  readonly wasmFolder: string;
  /** Script of the workers. */
  readonly script: string;
  /** 0: no workers at all. */
  readonly workers: number;
  readonly brokenWorker?: number;
}

const SIZE = 32;

export async function trainOnWebWorkers(options: WebTrainingOptions): Promise<WebTraining> {
  const { script, workers } = options;
  const wasmFolder = new URL(options.wasmFolder, location.href).href;
  setWasmPaths(wasmFolder);
  await tf.setBackend('wasm');
  await registerKernels();
  const { samples, decode } = createSyntheticDataset({
    patientsPerFinding: 6,
    seed: 7,
    height: SIZE,
    width: SIZE,
  });
  const store = await createPixelStore(samples, { decode, rule: { height: SIZE, width: SIZE } });
  const batches = createBatches({ store, samples, classList, batchSize: 7, shuffle: true, seed: 7 });
  const model = createCnn({ imageShape: [SIZE, SIZE, 1], filters: [8, 16], seed: 7 });
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const replicas =
    workers === 0
      ? undefined
      : await openReplicas({
          ...{ model, workers, spawn: () => webWorker(new Worker(url)) },
          data: { wasmFolder, brokenWorker: options.brokenWorker },
        });
  const { history } = await train({
    ...{ model, replicas, train: batches, validation: batches },
    ...{ epochs: 2, seed: 7, learningRate: 1e-3, microBatchSize: 3 },
  });
  const { probabilities } = await predict(model, batches, { replicas });
  await replicas?.dispose();
  const weights = await Promise.all(model.getWeights().map((weight) => weight.data()));
  return {
    losses: history.flatMap(({ loss, val_loss }) => [loss, val_loss]),
    probabilities: Array.from(probabilities),
    weights: weights.flatMap((values) => Array.from(values)),
  };
}
