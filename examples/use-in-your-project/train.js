// Trains a small CNN on a folder with NORMAL and PNEUMONIA in it: node train.js ./chest_xray
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { createBatches, createPixelStore, splitByPatient } from 'xray-dataset';
import { fileDecoder, indexFolder } from 'xray-dataset/node';
import { auroc } from 'xray-metrics';
import { createCnn } from 'xray-models';

const rule = { height: 32, width: 32 };
const { samples } = await indexFolder(process.argv[2] ?? 'images');
const splits = splitByPatient(samples, { classList, testShare: 0.25, seed: 7 });
const store = await createPixelStore(samples, { decode: fileDecoder({ rule }), rule });
const options = { store, classList, batchSize: 16, seed: 7 };
const train = createBatches({ ...options, samples: splits.train, shuffle: true });
const test = createBatches({ ...options, samples: splits.test });
const model = createCnn({ imageShape: [32, 32, 1], channels: 1, filters: [4, 8], seed: 7 });
model.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy' });
for (let epoch = 0; epoch < 6; epoch++) {
  for await (const { images, labels } of train.epoch(epoch)) {
    console.log(`epoch ${epoch + 1}, loss ${await model.trainOnBatch(images, labels)}`);
    tf.dispose([images, labels]);
  }
}
const [truth, scores] = [[], []];
for await (const { images, labels } of test.epoch(0)) {
  tf.tidy(() => {
    truth.push(...tf.argMax(labels, 1).dataSync()); // 1: pneumonia
    scores.push(...tf.slice(model.predict(images), [0, 1], [-1, 1]).dataSync()); // its probability
  });
  tf.dispose([images, labels]); // whoever receives a batch disposes it
}
console.log(
  `AUROC ${auroc(truth, scores)} on ${truth.length} test images. Research only, not a medical device.`,
);
