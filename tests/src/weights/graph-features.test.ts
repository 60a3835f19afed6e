import { readFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { type BatchSource, createRandom, NORMAL_PNEUMONIA } from 'xray-core';
import { createTransferModel, loadGraphFeatures, splitModel } from 'xray-models';
import { extractFeatures, featureSource, memoryFeatures, train } from 'xray-train';

const fixture = JSON.parse(
  readFileSync(
    new URL('../../../packages/xray-models/src/__fixtures__/graph-model.json', import.meta.url),
    'utf8',
  ),
);
const SIZE = fixture.size as number;

/** Dark images of one class, light ones of the other. */
const source: BatchSource = {
  classList: NORMAL_PNEUMONIA,
  sampleCount: 8,
  batchSize: 4,
  batchCount: 2,
  order: () => Array.from({ length: 8 }, (_, index) => `image-${index}`),
  async *epoch() {
    for (const start of [0, 4]) {
      const indices = [0, 1, 2, 3].map((place) => start + place);
      const pixels = indices.flatMap((index) => {
        const random = createRandom(5).stream(index);
        return Array.from({ length: SIZE * SIZE }, () => random.uniform() * (index % 2 ? 1 : 0.4));
      });
      yield {
        images: tf.tensor4d(pixels, [4, SIZE, SIZE, 1]),
        labels: tf.tensor2d(indices.map((index) => (index % 2 ? [0, 1] : [1, 0]))),
        ids: indices.map((index) => `image-${index}`),
      };
    }
  },
};

it('trains a head on the features of a graph model, which runs once', async () => {
  const weightData = Uint8Array.from(Buffer.from(fixture.artifacts.weights, 'base64')).buffer;
  const base = await loadGraphFeatures(
    { ...fixture.artifacts, weightData },
    { imageShape: [SIZE, SIZE, 1], output: fixture.featuresNode, inputRange: [-1, 1] },
  );
  const model = createTransferModel({ base, head: [{ type: 'dense', units: 4 }], seed: 3 });
  const parts = splitModel(model, 'graph_features');
  const options = { base: parts.base, source, dataHash: 'made', store: memoryFeatures() };
  const features = await extractFeatures(options);
  expect(features.shape).toEqual([6]);
  expect(await extractFeatures(options)).toBe(features); // the same key: nothing of it has changed

  const read = await features.read([{ id: 'image-3', variant: 0 }]);
  const direct = await firstFeatures(parts.base);
  expect([...read].map((value, at) => Math.abs(value - direct[at]!) < 1e-6)).toEqual(Array(6).fill(true));

  const headSource = featureSource({ features, source });
  const losses: number[] = [];
  await train({
    model: parts.head,
    train: headSource,
    validation: headSource,
    epochs: 12,
    learningRate: 0.05,
    seed: 3,
    onProgress: (event) => {
      if (event.type === 'epoch-end') losses.push(event.logs.val_loss!);
    },
  });
  expect(Math.min(...losses)).toBeLessThan(losses[0]! / 2);
  await features.close();
  parts.head.dispose();
  model.dispose();

  /** Of image-3, from the base itself. */
  async function firstFeatures(model: typeof base): Promise<Float32Array> {
    for await (const { images, labels } of source.epoch(0)) {
      const values = tf.tidy(() => (model.predict(tf.slice(images, 3, 1)) as tf.Tensor).dataSync());
      tf.dispose([images, labels]);
      return values as Float32Array;
    }
    throw new Error('The source has no batch.');
  }
});
