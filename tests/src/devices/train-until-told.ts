// Trains on the device named by the first argument: one epoch, or, with a folder as the second argument, until a signal
// comes; then the model is saved there.
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { AbortedError, type BatchSource, NORMAL_PNEUMONIA as classList } from 'xray-core';
import { abortOnSignals, type DeviceKind, modelFolder, selectDevice } from 'xray-node-gpu';
import { train } from 'xray-train';

const [kind, folder] = process.argv.slice(2);
const IDS = Array.from({ length: 8 }, (_, index) => `image-${index}`);
const source: BatchSource = {
  classList,
  sampleCount: 8,
  batchCount: 2,
  batchSize: 4,
  order: () => IDS,
  async *epoch() {
    for (const start of [0, 4]) {
      yield {
        images: tf.randomUniform<tf.Rank.R4>([4, 8, 8, 1], 0, 1, 'float32', start),
        labels: tf.tensor2d([1, 0, 0, 1, 1, 0, 0, 1], [4, 2]),
        ids: IDS.slice(start, start + 4),
      };
    }
  },
};
const { signal, release } = abortOnSignals();
const device = await selectDevice({ require: kind as DeviceKind, software: true });
const model = sequential({
  layers: [
    layers.conv2d({ inputShape: [8, 8, 1], filters: 4, kernelSize: 3, activation: 'relu' }),
    layers.flatten(),
    layers.dense({ units: 2, activation: 'softmax' }),
  ],
});
try {
  await train({
    ...{ model, train: source, validation: source, seed: 1, signal },
    epochs: folder === undefined ? 1 : 1e6,
    onProgress: ({ type }) => type === 'epoch-end' && console.error('trained'),
  });
} catch (error) {
  if (!(error instanceof AbortedError) || folder === undefined) throw error;
  await model.save(modelFolder(folder));
  process.exitCode = error.cause === 'SIGTERM' ? 143 : 130;
} finally {
  model.dispose();
  device.dispose();
  release();
}
