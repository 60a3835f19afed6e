// The portable packages in a browser: trains three steps and predicts on the cpu backend; the result is read by the rehearsal.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as augment from 'xray-augment';
import * as augmentTesting from 'xray-augment/testing';
import * as core from 'xray-core';
import * as dataset from 'xray-dataset';
import * as metrics from 'xray-metrics';
import * as models from 'xray-models';
import * as report from 'xray-report';
import * as train from 'xray-train';
import * as webWorker from 'xray-train/web-worker';
import * as wasm from 'xray-wasm';

globalThis.portable = {
  'xray-augment': augment,
  'xray-augment/testing': augmentTesting,
  'xray-core': core,
  'xray-dataset': dataset,
  'xray-metrics': metrics,
  'xray-models': models,
  'xray-report': report,
  'xray-train': train,
  'xray-train/web-worker': webWorker,
  'xray-wasm': wasm,
};

globalThis.rehearse = async () => {
  const classList = core.NORMAL_PNEUMONIA;
  const rule = { height: 32, width: 32 };
  const { samples, decode } = dataset.createSyntheticDataset({ patientsPerFinding: 4, seed: 7, ...rule });
  const store = await dataset.createPixelStore(samples, { decode, rule });
  const source = dataset.createBatches({ store, samples, classList, batchSize: 8, seed: 7 });
  const model = models.createCnn({ imageShape: [32, 32, 1], channels: 1, filters: [4, 4], seed: 7 });
  const augmentation = augment.chestXray();
  const { steps } = await train.train({
    model,
    train: source,
    validation: source,
    epochs: 1,
    seed: 7,
    augmentation,
  });
  const predictions = await train.predict(model, source);
  const { accuracy } = metrics.evaluatePredictions(predictions);
  const page = report.createReport({ title: 'Rehearsal', summary: 'In a browser.' });
  return {
    backend: tf.getBackend(),
    steps,
    accuracy,
    images: predictions.ids.length,
    page: page.slice(0, 15),
  };
};
