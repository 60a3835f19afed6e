// The portable packages in a browser: trains three steps and predicts on a backend; the result is read by the rehearsal.
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import { chestXray } from 'xray-augment';
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { createBatches, createPixelStore, createSyntheticDataset } from 'xray-dataset';
import { evaluatePredictions } from 'xray-metrics';
import { createCnn } from 'xray-models';
import { createReport } from 'xray-report';
import { predict, train } from 'xray-train';
import { fuse, registerKernels } from 'xray-wasm';
import * as portable from './portable.js'; // written by the rehearsal: every entry that runs in browsers

globalThis.portable = Object.values(portable).map((entry) => Object.keys(entry).length);

setWasmPaths({
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  'tfjs-backend-wasm-threaded-simd.wasm': threaded,
});

globalThis.rehearse = async (backend) => {
  await tf.setBackend(backend);
  if (backend === 'wasm') await registerKernels();
  const rule = { height: 32, width: 32 };
  const { samples, decode } = createSyntheticDataset({ patientsPerFinding: 4, seed: 7, ...rule });
  const store = await createPixelStore(samples, { decode, rule });
  const source = createBatches({ store, samples, classList, batchSize: 8, seed: 7 });
  const model = createCnn({ imageShape: [32, 32, 1], channels: 1, filters: [4, 4], seed: 7 });
  const augmentation = chestXray();
  const { steps } = await train({
    model,
    train: source,
    validation: source,
    epochs: 1,
    seed: 7,
    augmentation,
    forward: fuse(model), // which runs every layer by itself where its kernels are not
  });
  const predictions = await predict(model, source);
  const { accuracy } = evaluatePredictions(predictions);
  const page = createReport({ title: 'Rehearsal', summary: 'In a browser.' });
  return {
    backend: tf.getBackend(),
    steps,
    accuracy,
    images: predictions.ids.length,
    page: page.slice(0, 15),
  };
};
