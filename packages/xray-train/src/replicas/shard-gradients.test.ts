import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import type { BatchSource, TrainingStep } from 'xray-core';
import { furthest, openLocalReplicas } from '../__fixtures__/local-replicas.js';
import { batchNormModel, toyModel, toySource, weightsOf } from '../__fixtures__/toy-problem.js';
import { batchGradients } from '../training-gradients.js';

function penalisedModel(): LayersModel {
  const kernelRegularizer = 'l1l2' as const;
  return sequential({
    layers: [
      layers.flatten({ inputShape: [4, 4, 1] }),
      layers.dense({ units: 2, activation: 'softmax', kernelInitializer: 'ones', kernelRegularizer }),
    ],
  });
}

describe('gradients of replicas', () => {
  const cases = [1, 2, 3, 8].flatMap((workers) =>
    [
      {},
      { microBatchSize: 2 },
      { labelSmoothing: 0.1, classWeights: [0.5, 3] },
      { labelSmoothing: 0.2, classWeights: [4, 1], microBatchSize: 1 },
    ].map((options) => ({ workers, options })),
  );

  it.each(cases)('are those of one thread, $workers workers, $options', async ({ workers, options }) => {
    for (const [model, sampleCount] of [
      [toyModel(), 7],
      [penalisedModel(), 7],
      [toyModel(), 2], // fewer images than workers
    ] as const) {
      const source = toySource({ sampleCount, batchSize: sampleCount, seed: 4 });
      const { replicas } = await openLocalReplicas(model, workers);
      await replicas.update();
      for await (const batch of source.epoch(0)) {
        const settings = { microBatchSize: 100, step: 0, ...options };
        const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
        const expected = await batchGradients(model, variables, batch, { ...settings, microBatchSize: 100 });
        const actual = await replicas.gradients(await replicas.load(batch), settings);

        expect(actual.correct).toBe(expected.correct);
        expect(actual.loss).toBeCloseTo(expected.loss, 6);
        actual.gradients.forEach((gradient, index) => {
          expect(gradient.shape).toEqual(expected.gradients[index]!.shape);
          const distance = furthest(
            Array.from(gradient.dataSync()),
            Array.from(expected.gradients[index]!.dataSync()),
          );
          expect(distance).toBeLessThan(2e-6);
        });
        tf.dispose([actual.gradients, expected.gradients, batch.images, batch.labels]);
      }
    }
  });

  it('tell the layers of every shard its place in the batch', async () => {
    const heard: string[] = [];
    const model = toyModel();
    const { replicas, local } = await openLocalReplicas(model, 3);
    local.models.forEach((copy, worker) => {
      Object.assign(copy.layers[0]!, {
        beginTrainingStep: (step: TrainingStep | undefined) =>
          step && heard.push(`${worker}: step ${step.step}, image ${step.sampleOffset}`),
      });
    });
    const source = toySource({ sampleCount: 8, batchSize: 8, seed: 1 });
    for await (const batch of source.epoch(0)) {
      const result = await replicas.gradients(await replicas.load(batch), { step: 5, microBatchSize: 2 });
      tf.dispose([result.gradients, batch.images, batch.labels]);
    }
    expect(heard.sort()).toEqual([
      '0: step 5, image 0',
      '0: step 5, image 2',
      '1: step 5, image 3',
      '1: step 5, image 5',
      '2: step 5, image 6',
    ]);
  });

  it('leave moving averages at the mean over the shards, by images, in all copies', async () => {
    const model = batchNormModel();
    const { replicas, local } = await openLocalReplicas(model, 2);
    await replicas.update();
    // Six images: a batch of 5, then one of 1, for which the second worker has nothing to do.
    const source = toySource({ sampleCount: 6, batchSize: 5, seed: 1 });
    const images: number[][] = [];
    for await (const batch of source.epoch(0)) {
      images.push(...((await tf.reshape(batch.images, [-1, 16]).array()) as number[][]));
      const result = await replicas.gradients(await replicas.load(batch), { step: 0, microBatchSize: 5 });
      tf.dispose([result.gradients, batch.images, batch.labels]);
    }
    await replicas.update();

    const [means, variances] = weightsOf(model).slice(-2) as [number[], number[]];
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = (values: number[]) => mean(values.map((value) => (value - mean(values)) ** 2));
    for (let at = 0; at < 16; at++) {
      const column = images.map((row) => row[at]!);
      // Momentum 0.5, from a mean of 0 and a variance of 1; the shards of the first batch are 3 and 2 images.
      expect(means[at]).toBeCloseTo(0.25 * mean(column.slice(0, 5)) + 0.5 * column[5]!, 5);
      const first = 0.5 + 0.5 * ((3 * variance(column.slice(0, 3)) + 2 * variance(column.slice(3, 5))) / 5);
      expect(variances[at]).toBeCloseTo(0.5 * first, 5);
    }
    for (const copy of local.models) expect(weightsOf(copy)).toEqual(weightsOf(model));
  });

  it('leave moving averages where they were at a loss that is not finite, in all copies', async () => {
    const options = { sampleCount: 8, batchSize: 8, seed: 1, shuffle: false };
    const [clean, poisoned] = [toySource(options), toySource({ ...options, poisonId: 'sample-1' })];
    const averages = async (sources: BatchSource[]) => {
      const model = batchNormModel();
      const { replicas } = await openLocalReplicas(model, 2);
      await replicas.update();
      for (const source of sources) {
        for await (const batch of source.epoch(0)) {
          const result = await replicas.gradients(await replicas.load(batch), { step: 0, microBatchSize: 8 });
          tf.dispose([result.gradients, batch.images, batch.labels]);
        }
      }
      return weightsOf(model).slice(-2);
    };
    const expected = await averages([clean]);
    expect(expected.flat().every(Number.isFinite)).toBe(true);
    expect(await averages([poisoned, clean])).toEqual(expected);
  });
});
