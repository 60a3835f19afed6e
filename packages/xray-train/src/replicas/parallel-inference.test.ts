import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { openLocalReplicas, validation } from '../__fixtures__/local-replicas.js';
import { toyModel, toySource } from '../__fixtures__/toy-problem.js';
import { predict } from '../predict.js';

describe('parallel inference', () => {
  it.each([1, 2, 3])('predicts the very numbers of one thread: %i workers', async (workers) => {
    const model = toyModel();
    const { replicas } = await openLocalReplicas(model, workers);
    const before = tf.memory().numTensors;
    expect(await predict(model, validation, { replicas })).toEqual(await predict(model, validation));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('sees weights that changed since', async () => {
    const model = toyModel();
    const { replicas } = await openLocalReplicas(model, 2);
    const first = await predict(model, validation, { replicas });
    const other = toyModel({ seed: 5 });
    model.setWeights(other.getWeights());
    const second = await predict(model, validation, { replicas });
    expect(second).not.toEqual(first);
    expect(second).toEqual(await predict(other, validation));
  });

  it('gives features of any shape in the order of the batches, with bounded work ahead', async () => {
    const base = sequential({
      layers: [layers.conv2d({ filters: 3, kernelSize: 2, inputShape: [4, 4, 1], activation: 'relu' })],
    });
    const { replicas } = await openLocalReplicas(base, 2);
    const source = toySource({ sampleCount: 43, batchSize: 4, seed: 3, shuffle: false });
    let taken = 0;
    async function* counted() {
      for await (const batch of source.epoch(0)) {
        taken++;
        yield batch;
      }
    }
    const before = tf.memory().numTensors;
    let read = 0;
    const outputs = replicas.mapBatches(counted());
    for await (const expected of source.epoch(0)) {
      const { value, done } = await outputs.next();
      expect(taken).toBeLessThanOrEqual(read + 4); // two per worker
      expect(done).toBe(false);
      const { ids, values, shape, labels } = value!;
      const features = tf.tidy(() => base.predict(expected.images) as tf.Tensor);
      expect(ids).toEqual(expected.ids);
      expect(shape).toEqual([ids.length, 3, 3, 3]);
      expect(values).toEqual(features.dataSync());
      expect(labels).toEqual(expected.labels.dataSync());
      tf.dispose([features, expected.images, expected.labels]);
      read++;
    }
    expect((await outputs.next()).done).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('does one thing at a time, and is free again after an early stop', async () => {
    const model = toyModel();
    const { replicas } = await openLocalReplicas(model, 2);
    const before = tf.memory().numTensors;
    const outputs = replicas.mapBatches(validation.epoch(0));
    await outputs.next();
    await expect(predict(model, validation, { replicas })).rejects.toMatchObject({ code: 'replicas-busy' });
    await outputs.return(undefined);
    expect(tf.memory().numTensors).toBe(before);
    expect((await predict(model, validation, { replicas })).ids.length).toBe(24);
  });
});
