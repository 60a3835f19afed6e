// Runs in Node and in a browser: three training steps of a small CNN on the wasm backend.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from 'xray-core';
import { createCnn } from 'xray-models';
import { fuse, registerKernels } from 'xray-wasm';

/** What came of it. */
export interface WasmTraining {
  readonly variant: string;
  /** True for the threaded build of the backend, whose memory is shared. */
  readonly isShared: boolean;
  /** Before each step, and after the last. */
  readonly losses: number[];
}

const SIZE = 38;
const BATCH = 4;

/** @param wasmFolderUrl - Where the backend's binaries are; the default place when absent. */
export async function trainOnWasm(wasmFolderUrl?: string): Promise<WasmTraining> {
  if (wasmFolderUrl) setWasmPaths(wasmFolderUrl);
  await tf.setBackend('wasm');
  await tf.ready();
  const kernels = await registerKernels();
  const random = createRandom(3);
  const pixels = Float32Array.from({ length: BATCH * SIZE * SIZE }, () => random.uniform(0, 1));
  const images = tf.tensor4d(pixels, [BATCH, SIZE, SIZE, 1]);
  const labels = tf.oneHot([0, 1, 0, 1], 2) as tf.Tensor2D;
  const model = createCnn({ imageShape: [SIZE, SIZE, 1], filters: [16, 16, 24], dropoutRate: 0, seed: 3 });
  const forward = fuse(model);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const optimizer = tf.train.sgd(0.1);
  const loss = () => tf.losses.softmaxCrossEntropy(labels, forward(images, { training: true })) as tf.Scalar;

  const losses: number[] = [];
  for (let step = 0; step < 3; step++) {
    const value = optimizer.minimize(loss, true, variables)!;
    losses.push((await value.data())[0]!);
    value.dispose();
  }
  const last = tf.tidy(loss);
  losses.push((await last.data())[0]!);
  const isShared = isThreaded();
  tf.dispose([images, labels, last]);
  model.dispose();
  kernels.unregister();
  return { variant: kernels.variant, isShared, losses };
}

function isThreaded(): boolean {
  const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
  return typeof SharedArrayBuffer !== 'undefined' && wasm.HEAPU8.buffer instanceof SharedArrayBuffer;
}
