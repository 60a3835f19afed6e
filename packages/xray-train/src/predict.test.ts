import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type Augmentation, type Batch, createRandom, type VariantAugmentation } from 'xray-core';
import { localWorkers } from './__fixtures__/local-workers.js';
import { toyModel, toySource } from './__fixtures__/toy-problem.js';
import { evaluate } from './evaluate.js';
import { predict } from './predict.js';
import { openReplicas } from './replicas/open-replicas.js';

const source = toySource({ sampleCount: 23, batchSize: 10, seed: 2, shuffle: false });

/** Makes images darker, each by another factor in every draw. */
const darken: Augmentation = ({ images, labels, ids }, { seed, epoch }) => {
  const factors = ids.map((id) => createRandom(seed).stream(epoch, id).uniform());
  const scaled = tf.tidy(() => tf.mul(images, tf.tensor4d(factors, [ids.length, 1, 1, 1])));
  return { images: scaled as tf.Tensor4D, labels: tf.clone(labels), ids };
};

const flipped = ({ images, labels, ids }: Batch, axes: number[]): Batch => ({
  images: tf.reverse(images, axes),
  labels: tf.clone(labels),
  ids,
});
const sides: VariantAugmentation = Object.assign((batch: Batch) => flipped(batch, []), {
  variantsName: 'sides',
  variants: [[], [1], [2]].map((axes) => (batch: Batch) => flipped(batch, axes)),
  variantOf: () => 0,
});

/** Means by hand: the model on every copy of the whole source. */
async function means(copies: ((batch: Batch) => Batch)[]): Promise<number[]> {
  const model = toyModel();
  const whole = toySource({ sampleCount: 23, batchSize: 23, seed: 2, shuffle: false });
  for await (const batch of whole.epoch(0)) {
    return tf.tidy(() => {
      const outputs = copies.map((copy) => model.predict(copy(batch).images) as tf.Tensor);
      return Array.from(tf.mean(tf.stack(outputs), 0).dataSync());
    });
  }
  return [];
}

const distance = (left: ArrayLike<number>, right: ArrayLike<number>) =>
  Math.max(...Array.from(left, (value, at) => Math.abs(value - right[at]!)));

describe('predict', () => {
  it('gives the means over the image and its draws, and says so', async () => {
    const model = toyModel();
    const testTimeAugmentation = { augmentation: darken, draws: 3, seed: 9 };
    const done: number[] = [];
    const before = tf.memory().numTensors;
    const predictions = await predict(model, source, {
      testTimeAugmentation,
      onProgress: (event) => event.type === 'predict' && done.push(event.done),
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(predictions.testTimeAugmentation).toEqual({ name: 'custom', copies: 4, seed: 9 });
    const plain = await predict(model, source);
    expect([predictions.ids, predictions.labels]).toEqual([plain.ids, plain.labels]);
    expect(done).toEqual([10, 20, 23]);
    const expected = await means([
      (batch) => batch,
      ...[0, 1, 2].map((epoch) => (batch: Batch) => darken(batch, { seed: 9, epoch })),
    ]);
    expect(distance(predictions.probabilities, expected)).toBeLessThan(1e-6);
    expect(distance(predictions.probabilities, plain.probabilities)).toBeGreaterThan(1e-3);
    expect(plain).not.toHaveProperty('testTimeAugmentation');
  });

  it('uses each variant once, unless a number of draws is asked for', async () => {
    const model = toyModel();
    const all = await predict(model, source, { testTimeAugmentation: { augmentation: sides } });
    expect(all.testTimeAugmentation).toEqual({ name: 'sides', copies: 3, seed: null });
    expect(distance(all.probabilities, await means([...sides.variants]))).toBeLessThan(1e-6);
    const drawn = await predict(model, source, {
      testTimeAugmentation: { augmentation: sides, draws: 2, name: 'drawn' },
    });
    expect(drawn.testTimeAugmentation).toEqual({ name: 'drawn', copies: 3, seed: 0 });
  });

  it('gives the same with any batch size and in workers, and the evaluation says so, too', async () => {
    const model = toyModel();
    const testTimeAugmentation = { augmentation: darken, draws: 4, seed: 3 };
    const first = await predict(model, source, { testTimeAugmentation });
    const small = toySource({ sampleCount: 23, batchSize: 4, seed: 2, shuffle: false });
    const other = await predict(model, small, { testTimeAugmentation });
    expect(distance(other.probabilities, first.probabilities)).toBeLessThan(1e-6);
    const { spawn } = localWorkers();
    const replicas = await openReplicas({ model, workers: 2, spawn });
    const { predictions, evaluation } = await evaluate(model, source, { testTimeAugmentation, replicas });
    await replicas.dispose();
    expect(predictions).toEqual(first);
    expect(evaluation.testTimeAugmentation).toEqual({ name: 'custom', copies: 5, seed: 3 });
  });

  it('leaves nothing behind when it ends early', async () => {
    const model = toyModel();
    const before = tf.memory().numTensors;
    const broken: Augmentation = (batch, draw) => {
      if (draw.epoch === 1) throw new Error('broken');
      return darken(batch, draw);
    };
    const options = { testTimeAugmentation: { augmentation: broken, draws: 2 } };
    await expect(predict(model, source, options)).rejects.toThrow('broken');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a number of draws that is none', async () => {
    const options = { testTimeAugmentation: { augmentation: darken, draws: 0 } };
    await expect(predict(toyModel(), source, options)).rejects.toThrow(
      '`testTimeAugmentation.draws` must be a whole number from 1 up',
    );
  });

  it.each([
    [30, 'Received: 23.'],
    [20, 'Received: "more".'],
  ])('refuses a source that does not give the %i images it speaks of', async (sampleCount, received) => {
    const model = toyModel();
    const before = tf.memory().numTensors;
    await expect(predict(model, { ...source, sampleCount })).rejects.toThrow(
      `\`source\` must be one that gives ${sampleCount} images, as its \`sampleCount\` says. ${received}`,
    );
    expect(tf.memory().numTensors).toBe(before);
  });
});
