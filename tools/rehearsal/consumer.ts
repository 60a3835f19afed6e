// A program of somebody else: builds a model, trains three steps, predicts, saves, reports. Every package takes part.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chestXray, type ImageAugmentation } from 'xray-augment';
import { augmentationChecks } from 'xray-augment/testing';
import { type BatchSource, NORMAL_PNEUMONIA as classList, type Predictions } from 'xray-core';
import { writeFileAtomic } from 'xray-core/node';
import { createBatches, createPixelStore, createSyntheticDataset, splitByPatient } from 'xray-dataset';
import { encodePng } from 'xray-dataset/node';
import { evaluatePredictions } from 'xray-metrics';
import { type BundleMetadata, classify, createCnn, loadBundle, saveBundle } from 'xray-models';
import { modelFolder, selectDevice } from 'xray-node-gpu';
import { createReport } from 'xray-report';
import { predict, train } from 'xray-train';
import { fileCheckpoints } from 'xray-train/node';
import { webWorker } from 'xray-train/web-worker';
import { fuse, registerKernels } from 'xray-wasm';

const folder = await mkdtemp(join(tmpdir(), 'xray-consumer-'));
const device = await selectDevice({ require: 'wasm' });
await registerKernels();

const rule = { height: 32, width: 32 };
const { samples, decode } = createSyntheticDataset({ patientsPerFinding: 10, seed: 7, ...rule });
const splits = splitByPatient(samples, { classList, seed: 7 });
const store = await createPixelStore(samples, { decode, rule });
const side = (name: 'train' | 'validation'): BatchSource =>
  createBatches({
    store,
    samples: splits[name],
    classList,
    batchSize: Math.ceil(splits.train.length / 3),
    seed: 7,
  });

const model = createCnn({ imageShape: [32, 32, 1], filters: [4, 8], seed: 7 });
const augmentation: ImageAugmentation = chestXray();
const { steps } = await train({
  model,
  train: side('train'),
  validation: side('validation'),
  epochs: 1,
  seed: 7,
  augmentation,
  forward: fuse(model),
  checkpoints: fileCheckpoints(folder),
});
const predictions: Predictions = await predict(model, side('validation'));
const evaluation = await evaluatePredictions(predictions);

const metadata: BundleMetadata = {
  architecture: 'cnn',
  classList,
  input: { ...rule, channels: 1, resize: rule },
  threshold: { value: 0.5, rule: 'half' },
  training: {},
  metrics: {},
  license: 'NOASSERTION',
  notice: 'Research only, not a medical device.',
};
await saveBundle({ model, metadata }, modelFolder(join(folder, 'model')));
const image = await decode(samples[0]!);
const [answer] = await classify(await loadBundle(modelFolder(join(folder, 'model'))), [image]);
await writeFileAtomic(
  join(folder, 'report.html'),
  createReport({ title: 'Consumer', summary: 'Three steps.' }),
);

if (steps !== 3) throw new Error(`Expected 3 steps, took ${steps}`);
if (!predictions.probabilities.every((value) => value >= 0 && value <= 1))
  throw new Error('No probabilities');
if (!(await encodePng(image)).startsWith('data:image/png;base64,')) throw new Error('No PNG');
if (typeof webWorker !== 'function') throw new Error('No function');
if (augmentationChecks.length === 0) throw new Error('No checks');
console.log(`3 steps on ${device.description}, accuracy ${evaluation.accuracy}, ${JSON.stringify(answer)}`);
device.dispose();
