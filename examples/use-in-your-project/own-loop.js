// The packages one by one, on the fast path (WebAssembly with the kernels of xray-wasm): node own-loop.js ./chest_xray
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { createBatches, createPixelStore, splitByPatient } from 'xray-dataset';
import { fileDecoder, indexFolder } from 'xray-dataset/node';
import { evaluatePredictions, formatClassificationReport } from 'xray-metrics';
import { createCnn } from 'xray-models';
import { selectDevice } from 'xray-node-gpu';
import { predict, train } from 'xray-train';
import { fuse } from 'xray-wasm';

const device = await selectDevice({ require: 'wasm' });
const rule = { height: 64, width: 64 };
const { samples } = await indexFolder(process.argv[2] ?? 'images');
const splits = splitByPatient(samples, { classList, validationShare: 0.2, testShare: 0.2, seed: 7 });
const store = await createPixelStore(samples, { decode: fileDecoder({ rule }), rule });
const batches = (split, shuffle = false) =>
  createBatches({ store, samples: splits[split], classList, batchSize: 16, seed: 7, shuffle });

const model = createCnn({ imageShape: [64, 64, 1], channels: 1, seed: 7 });
const forward = fuse(model); // reads the weights of `model`, and makes training several times as fast
const learningRate = 1e-3;
const [images, validation] = [batches('train', true), batches('validation')];
await train({ model, forward, train: images, validation, epochs: 6, learningRate, seed: 7 });
const predictions = await predict(model, batches('test'), { forward });
console.log(formatClassificationReport(await evaluatePredictions(predictions, { threshold: 0.5 })));
console.log('Research only, not a medical device.');
model.dispose();
device.dispose();
