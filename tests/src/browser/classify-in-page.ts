// Runs in Node and in a browser: the model in the box on a synthetic X-ray.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { drawSyntheticXray } from 'xray-dataset';
import { pneumoniaModel } from 'xray-model-pneumonia';
import { classify, loadBundle } from 'xray-models';
import { registerKernels } from 'xray-wasm';

/** @param wasmFolderUrl - Where the backend's binaries are; the default place when absent. */
export async function classifyInPage(wasmFolderUrl?: string): Promise<number[]> {
  if (wasmFolderUrl) setWasmPaths(wasmFolderUrl);
  await tf.setBackend('wasm');
  await tf.ready();
  const kernels = await registerKernels();
  const bundle = await loadBundle(pneumoniaModel());
  const images = [3, 4].flatMap((seed) =>
    (['normal', 'bacterial'] as const).map((finding) =>
      drawSyntheticXray({ finding, seed, severity: 2, height: 300, width: 260 }),
    ),
  );
  const results = await classify(bundle, images);
  bundle.model.dispose();
  kernels.unregister();
  return results.map(({ pneumoniaProbability }) => pneumoniaProbability);
}
