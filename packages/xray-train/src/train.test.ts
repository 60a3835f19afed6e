import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, type Shape, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import type { Augmentation, ProgressEvent } from 'xray-core';
import { toyModel, toySource, untimed, weightsOf } from './__fixtures__/toy-problem.js';
import { run } from './__fixtures__/toy-run.js';
import { memoryCheckpoints } from './checkpoints/checkpoint.js';
import { adam } from './optimizers/adam.js';

describe('train', () => {
  it('learns', async () => {
    const { model, result } = run({ epochs: 15 });
    const { history, reason, steps } = await result;

    expect(history.at(-1)!.val_loss).toBeLessThan(history[0]!.val_loss * 0.7);
    expect(history.at(-1)!.val_auroc).toBeGreaterThan(0.95);
    expect([reason, steps, history.length]).toEqual(['completed', 15 * 6, 15]);
    model.dispose();
  });

  it('repeats itself bit for bit', async () => {
    const [first, second] = [run(), run()];
    const [left, right] = [await first.result, await second.result];

    expect(untimed(left.history)).toEqual(untimed(right.history));
    expect(weightsOf(first.model)).toEqual(weightsOf(second.model));
  });

  it('gives the same result in micro-batches, up to rounding', async () => {
    const [whole, parts] = [run({ classWeights: [1, 3] }), run({ classWeights: [1, 3], microBatchSize: 3 })];
    const [left, right] = [await whole.result, await parts.result];

    expect(right.history[0]!.loss).toBeCloseTo(left.history[0]!.loss, 6);
    weightsOf(whole.model).forEach((values, index) => {
      weightsOf(parts.model)[index]!.forEach((value, at) => {
        expect(Math.abs(value - values[at]!)).toBeLessThan(2e-4);
      });
    });
  });

  it('takes the step that tfjs takes for the same loss', async () => {
    const source = toySource({ sampleCount: 8, batchSize: 8, seed: 1, shuffle: false });
    // tfjs adds epsilon after the bias correction: at the first step that is this much more.
    const optimizer = adam({ epsilon: 1e-7 * Math.sqrt(1 - 0.999) });
    const { model, result } = run({ train: source, epochs: 1, learningRate: 0.01, optimizer });
    await result;

    const reference = toyModel();
    reference.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy' });
    for await (const batch of source.epoch(0)) await reference.trainOnBatch(batch.images, batch.labels);
    const expected = weightsOf(reference);
    weightsOf(model).forEach((values, index) => {
      values.forEach((value, at) => {
        expect(value).toBeCloseTo(expected[index]![at]!, 6);
      });
    });
  });

  it('puts the best weights back, or keeps the last ones', async () => {
    // A rate this high makes the validation loss jump about.
    const [best, last] = [
      run({ learningRate: 0.4, epochs: 6 }),
      run({ learningRate: 0.4, epochs: 6, keepWeights: 'last' }),
    ];
    const { bestEpoch, history } = await best.result;
    await last.result;
    const lowest = Math.min(...history.map(({ val_loss }) => val_loss));

    expect(history[bestEpoch]!.val_loss).toBe(lowest);
    expect(bestEpoch).toBeLessThan(5);
    expect(weightsOf(best.model)).not.toEqual(weightsOf(last.model));
    const upToBest = run({ learningRate: 0.4, epochs: bestEpoch + 1 });
    await upToBest.result;
    expect(weightsOf(best.model)).toEqual(weightsOf(upToBest.model));
  });

  it('stops early', async () => {
    const { result } = run({ learningRate: 0.4, epochs: 50, earlyStopping: { patience: 2 } });
    const { history, bestEpoch, reason } = await result;

    expect(reason).toBe('early-stopping');
    expect(history.length).toBe(bestEpoch + 3);
  });

  it('stops when it is told to, and goes on from there', async () => {
    const [part, whole] = [memoryCheckpoints(), run({ learningRate: 0.4, epochs: 3 })];
    const asked: number[] = [];
    const stopWhen = (history: readonly unknown[]) => asked.push(history.length) === 2;
    const stopped = run({ learningRate: 0.4, epochs: 3, checkpoints: part, stopWhen });
    const { history, reason } = await stopped.result;
    expect([reason, history.length, asked]).toEqual(['stopped', 2, [1, 2]]);
    const upTo = run({ learningRate: 0.4, epochs: 2 });
    await upTo.result;
    expect(weightsOf(stopped.model)).toEqual(weightsOf(upTo.model));
    const resumed = run({ learningRate: 0.4, epochs: 3, checkpoints: part, resume: true });
    expect((await resumed.result).reason).toBe('completed');
    await whole.result;
    expect(weightsOf(resumed.model)).toEqual(weightsOf(whole.model));
  });

  it('leaves weights alone that the loss does not depend on', async () => {
    class WithUnused extends layers.Layer {
      static className = 'WithUnused';
      override build() {
        this.addWeight('unused', [2], 'float32', initializers.ones());
        this.built = true;
      }
      override call(inputs: tf.Tensor | tf.Tensor[]) {
        return tf.clone(Array.isArray(inputs) ? inputs[0]! : inputs);
      }
      override computeOutputShape(shape: Shape) {
        return shape;
      }
    }
    const model = toyModel();
    const withUnused = sequential({ layers: [model, new WithUnused({})] });
    const plain = run();
    await run({ model: withUnused }).result;
    await plain.result;
    expect(weightsOf(model)).toEqual(weightsOf(plain.model));
    expect(weightsOf(withUnused).at(-1)).toEqual([1, 1]);
  });

  it('holds the same number of tensors after every epoch, and none of its own in the end', async () => {
    const model = toyModel();
    const before = tf.memory().numTensors;
    const counts: number[] = [];
    const augmentation: Augmentation = ({ images, labels, ids }) => ({
      images: tf.clone(images),
      labels: tf.clone(labels),
      ids,
    });
    await run({
      model,
      augmentation,
      microBatchSize: 3,
      checkpoints: memoryCheckpoints(),
      onProgress: (event) => event.type === 'epoch-end' && counts.push(tf.memory().numTensors),
    }).result;

    expect(new Set(counts).size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('reports every batch and epoch', async () => {
    const events: ProgressEvent[] = [];
    await run({ epochs: 2, onProgress: (event) => events.push(event) }).result;
    const types = events.map(({ type }) => type);
    const epoch = ['epoch-start', ...new Array(6).fill('batch-end'), 'epoch-end'];

    expect(types).toEqual([...epoch, ...epoch, 'train-end']);
  });

  it('gives the augmentation the seed and the epoch', async () => {
    const draws: string[] = [];
    const augmentation: Augmentation = ({ images, labels, ids }, draw) => {
      draws.push(JSON.stringify(draw));
      return { images: tf.clone(images), labels: tf.clone(labels), ids };
    };
    await run({ epochs: 2, augmentation }).result;
    expect([...new Set(draws)]).toEqual(['{"seed":7,"epoch":0}', '{"seed":7,"epoch":1}']);
  });

  it('adds weight penalties once per batch, whatever the micro-batch', async () => {
    const penalised = () =>
      sequential({
        layers: [
          layers.flatten({ inputShape: [4, 4, 1] }),
          layers.dense({
            units: 2,
            activation: 'softmax',
            kernelInitializer: 'ones',
            kernelRegularizer: 'l1l2',
          }),
        ],
      });
    const source = toySource({ sampleCount: 8, batchSize: 8, seed: 1 });
    const options = { train: source, epochs: 1, learningRate: 1e-6 };
    const plain = await run({ ...options, microBatchSize: 8, model: penalised() }).result;
    const parts = await run({ ...options, microBatchSize: 3, model: penalised() }).result;
    // 16 x 2 ones: L1 and L2 of 0.01 each add 0.32; equal weights give a cross-entropy of ln 2.
    expect(plain.history[0]!.loss).toBeCloseTo(Math.log(2) + 0.64, 4);
    expect(parts.history[0]!.loss).toBeCloseTo(plain.history[0]!.loss, 5);
  });

  it('works with one class in validation, without an AUROC', async () => {
    const oneClass = toySource({ sampleCount: 6, batchSize: 6, seed: 2, oneClass: true });
    const { history } = await run({ validation: oneClass, epochs: 1 }).result;
    expect(history[0]).not.toHaveProperty('val_auroc');
  });

  it('tells layers the step, also in nested models, and when it is over', async () => {
    const steps: (number | undefined)[] = [];
    const inner = toyModel();
    const listener = Object.assign(inner.layers[0]!, {
      beginTrainingStep: (step?: { step: number }) => steps.push(step?.step),
    });
    expect(listener).toBeDefined();
    await run({ model: sequential({ layers: [inner] }), epochs: 1 }).result;
    expect(steps).toEqual([0, 1, 2, 3, 4, 5, undefined]);
  });
});
