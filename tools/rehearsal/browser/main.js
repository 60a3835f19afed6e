// The portable packages in a browser: trains three steps and predicts on the cpu backend; the result is read by the rehearsal.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { chestXray } from 'xray-augment';
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { createBatches, createPixelStore, createSyntheticDataset } from 'xray-dataset';
import { evaluatePredictions } from 'xray-metrics';
import { createCnn } from 'xray-models';
import { createReport } from 'xray-report';
import { predict, train } from 'xray-train';
import * as portable from './portable.js'; // written by the rehearsal: every entry that runs in browsers

globalThis.portable = Object.values(portable).map((entry) => Object.keys(entry).length);

globalThis.rehearse = async () => {
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
