import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, describe, expect, it } from 'vitest';
import { type BatchSource, sha256, type TrainingStep } from 'xray-core';
import { type LocalWorkers, localWorkers } from '../__fixtures__/local-workers.js';
import { toyModel, toySource, weightsOf } from '../__fixtures__/toy-problem.js';
import { memoryCheckpoints } from '../checkpoints/checkpoint.js';
import { predict } from '../predict.js';
import { train } from '../train.js';
import type { EpochLogs, TrainOptions } from '../train-options.js';
import { batchGradients } from '../training-gradients.js';
import { type OpenReplicasOptions, openReplicas } from './open-replicas.js';
import type { Replicas } from './replicas.js';
import type { ReplicaModule } from './serve-replica.js';

const training = toySource({ sampleCount: 43, batchSize: 8, seed: 1 }); // the last batch holds 3 images
const validation = toySource({ sampleCount: 24, batchSize: 10, seed: 2, shuffle: false });

const opened: { replicas: Replicas; local: LocalWorkers }[] = [];
afterEach(async () => {
  for (const { replicas, local } of opened.splice(0)) {
    await replicas.dispose();
    local.dispose();
  }
});

async function open(
  model: LayersModel,
  workers: number,
  change?: (worker: number) => Partial<ReplicaModule>,
  options: Partial<OpenReplicasOptions> = {},
) {
  const local = localWorkers(change);
  const replicas = await openReplicas({ model, workers, spawn: local.spawn, ...options });
  opened.push({ replicas, local });
  return { replicas, local };
}

async function run(workers: number, options: Partial<TrainOptions> = {}) {
  const model = options.model ?? toyModel();
  const settings = { train: training, validation, epochs: 3, seed: 7, learningRate: 0.02, ...options, model };
  if (workers === 0) return { model, result: await train(settings), replicaModels: [] };
  const { replicas, local } = await open(model, workers);
  const result = await train({ ...settings, replicas });
  await replicas.update(); // the best weights
  return { model, result, replicaModels: local.models };
}

const untimed = (history: readonly EpochLogs[]) =>
  history.map(({ seconds: _, stall_share: __, ...logs }) => logs);
const hashOf = (model: LayersModel) =>
  sha256(new Uint8Array(Float32Array.from(weightsOf(model).flat()).buffer));

function furthest(left: readonly number[], right: readonly number[]): number {
  expect(left.length).toBe(right.length);
  return left.reduce((most, value, at) => Math.max(most, Math.abs(value - right[at]!)), 0);
}

function penalisedModel(): LayersModel {
  const kernelRegularizer = 'l1l2' as const;
  return sequential({
    layers: [
      layers.flatten({ inputShape: [4, 4, 1] }),
      layers.dense({ units: 2, activation: 'softmax', kernelInitializer: 'ones', kernelRegularizer }),
    ],
  });
}

function batchNormModel(): LayersModel {
  return sequential({
    layers: [
      layers.flatten({ inputShape: [4, 4, 1] }),
      layers.batchNormalization({ momentum: 0.5 }),
      layers.dense({ units: 2, activation: 'softmax', kernelInitializer: 'ones' }),
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
      const { replicas } = await open(model, workers);
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
    const { replicas, local } = await open(model, 3);
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
    const { replicas, local } = await open(model, 2);
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
});

describe('train with replicas', () => {
  it.each([1, 2, 3, 5])('learns what one thread learns, up to rounding: %i workers', async (workers) => {
    const options = { classWeights: [1, 2], labelSmoothing: 0.1, microBatchSize: 3 };
    const alone = await run(0, options);
    const shared = await run(workers, options);

    shared.result.history.forEach((logs, epoch) => {
      expect(logs.loss).toBeCloseTo(alone.result.history[epoch]!.loss, 4);
      expect(logs.val_loss).toBeCloseTo(alone.result.history[epoch]!.val_loss, 4);
    });
    expect(furthest(weightsOf(shared.model).flat(), weightsOf(alone.model).flat())).toBeLessThan(1e-3);
  });

  it('repeats itself bit for bit, and its replicas are identical', async () => {
    const [first, second] = [await run(3), await run(3)];

    expect(untimed(second.result.history)).toEqual(untimed(first.result.history));
    const hashes = await Promise.all(
      [first, second].flatMap((r) => [r.model, ...r.replicaModels]).map(hashOf),
    );
    expect(hashes.length).toBe(8);
    expect(new Set(hashes).size).toBe(1);
  });

  it('resumes to the same result as an uninterrupted run', async () => {
    const model = batchNormModel;
    const whole = await run(2, { epochs: 4, model: model() });
    const checkpoints = memoryCheckpoints();
    await run(2, { epochs: 2, checkpoints, model: model() });
    const resumed = await run(2, { epochs: 4, checkpoints, resume: true, model: model() });

    expect(untimed(resumed.result.history)).toEqual(untimed(whole.result.history));
    expect(weightsOf(resumed.model)).toEqual(weightsOf(whole.model));
  });

  it('refuses to go on with another number of workers', async () => {
    const checkpoints = memoryCheckpoints();
    await run(2, { epochs: 1, checkpoints });
    await expect(run(3, { checkpoints, resume: true })).rejects.toThrow('workers was 2 and is now 3');
    await expect(run(0, { checkpoints, resume: true })).rejects.toThrow('workers was 2 and is now 1');
  });

  it('trains what the model trains, also after layers were frozen and freed again', async () => {
    const model = toyModel();
    const { replicas } = await open(model, 2);
    const options = { model, replicas, train: training, validation, epochs: 1, seed: 7, learningRate: 0.02 };
    const before = weightsOf(model);
    model.layers[1]!.trainable = false;
    await train(options);
    const frozen = weightsOf(model).sort((left, right) => left.length - right.length);
    model.layers[1]!.trainable = true;
    await train(options);
    const sorted = (weights: number[][]) => weights.sort((left, right) => left.length - right.length);

    const unchanged = frozen.filter((values) => before.some((old) => old.join() === values.join()));
    expect(unchanged.map(({ length }) => length)).toEqual([6, 96]); // bias and kernel of the frozen layer
    sorted(weightsOf(model)).forEach((values, index) => {
      expect(values).not.toEqual(frozen[index]);
    });
  });

  it('leaves the weights alone at a loss that is not finite', async () => {
    const model = batchNormModel();
    const before = weightsOf(model);
    const poisoned = toySource({ sampleCount: 8, batchSize: 8, seed: 1, poisonId: 'sample-3' });
    await expect(run(2, { model, train: poisoned })).rejects.toThrow(
      'The loss became NaN in epoch 1, batch 1',
    );
    expect(weightsOf(model)).toEqual(before);
  });

  it('holds the same number of tensors after every epoch', async () => {
    const counts: number[] = [];
    const augmentation: TrainOptions['augmentation'] = ({ images, labels, ids }) => ({
      images: tf.clone(images),
      labels: tf.clone(labels),
      ids,
    });
    const model = toyModel();
    const { replicas, local } = await open(model, 2);
    const before = tf.memory().numTensors;
    await train({
      ...{
        model,
        replicas,
        train: training,
        validation,
        epochs: 3,
        seed: 7,
        microBatchSize: 3,
        augmentation,
      },
      onProgress: (event) => event.type === 'epoch-end' && counts.push(tf.memory().numTensors),
    });
    expect(new Set(counts).size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
    expect(local.models.length).toBe(2);
  });

  it('stops when asked and keeps the finished epochs', async () => {
    const controller = new AbortController();
    const checkpoints = memoryCheckpoints();
    const aborted = run(2, {
      ...{ checkpoints, signal: controller.signal },
      onProgress: (event) => event.type === 'batch-end' && event.epoch === 1 && controller.abort(),
    });
    await expect(aborted).rejects.toMatchObject({ code: 'aborted' });
    expect((await checkpoints.read('last'))!.facts.epoch).toBe(0);
  });

  it('refuses replicas of another model', async () => {
    const { replicas } = await open(toyModel(), 1);
    const options = { model: toyModel(), replicas, train: training, validation, epochs: 1, seed: 7 };
    await expect(train(options)).rejects.toThrow('`replicas` must be copies of the model that is used');
    await expect(predict(options.model, validation, { replicas })).rejects.toThrow('`replicas` must be');
  });
});

describe('a worker that fails', () => {
  it('ends the run with its error and leaves the last finished epoch', async () => {
    const model = toyModel();
    const checkpoints = memoryCheckpoints();
    let passes = 0;
    const { replicas, local } = await open(model, 2, (worker) => ({
      createForward: (copy) => (images, options) => {
        if (worker === 1 && options.training && ++passes > 8) throw new Error('Out of memory.');
        return copy.apply(images, options) as tf.Tensor2D;
      },
    }));
    const options = {
      model,
      train: training,
      validation,
      epochs: 3,
      seed: 7,
      learningRate: 0.02,
      checkpoints,
    };
    const failed = train({ ...options, replicas });

    await expect(failed).rejects.toThrow(
      'Worker 2 of 2 failed: Out of memory. A training can be resumed after its last finished epoch.',
    );
    await expect(failed).rejects.toMatchObject({ code: 'worker-failed', worker: 1 });
    expect(local.terminated).toEqual([0, 1]);
    expect((await checkpoints.read('last'))!.facts.epoch).toBe(0);
    await expect(train({ ...options, replicas })).rejects.toThrow('Worker 2 of 2 failed');

    const again = toyModel();
    const healthy = await open(again, 2);
    const resumed = await train({ ...options, model: again, replicas: healthy.replicas, resume: true });
    const whole = await run(2);
    expect(untimed(resumed.history)).toEqual(untimed(whole.result.history));
  });

  it('is reported when its thread dies in the middle of a step', async () => {
    const { replicas, local } = await open(toyModel(), 2);
    for await (const batch of toySource({ sampleCount: 8, batchSize: 8, seed: 1 }).epoch(0)) {
      const shared = await replicas.load(batch);
      const step = replicas.gradients(shared, { step: 0, microBatchSize: 8 });
      local.kill(0, new Error('it exited with code 3'));
      await expect(step).rejects.toThrow('Worker 1 of 2 failed: it exited with code 3.');
      tf.dispose([batch.images, batch.labels]);
    }
    expect(local.terminated).toEqual([0, 1]);
  });

  it('is reported when it cannot start', async () => {
    const createModel = () => Promise.reject(new Error('No backend.'));
    const local = localWorkers((worker) => (worker === 1 ? { createModel } : {}));
    const options = { model: toyModel(), workers: 3, spawn: local.spawn };
    await expect(openReplicas(options)).rejects.toThrow('Worker 2 of 3 failed: No backend.');
    expect(local.terminated).toEqual([0, 1, 2]);
    const spawn = () => {
      throw new Error('no threads left');
    };
    await expect(openReplicas({ ...options, spawn })).rejects.toThrow(
      'Worker 1 of 3 failed: no threads left.',
    );
    local.models.forEach((model) => void model.dispose());
  });
});

describe('openReplicas', () => {
  it('ends its workers when the signal fires', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const model = toyModel();
    const { replicas, local } = await open(model, 2, undefined, { signal });
    const running = predict(model, validation, { replicas });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    expect(local.terminated).toEqual([0, 1]);
    await expect(openReplicas({ model, workers: 2, spawn: local.spawn, signal })).rejects.toMatchObject({
      code: 'aborted',
    });
  });

  it('hands data to the replica module and refuses work once disposed', async () => {
    const heard: unknown[] = [];
    const local = localWorkers((worker) => ({
      createModel: async ({ topology: _, ...setup }) => {
        heard.push(setup);
        local.models[worker] = toyModel();
        return local.models[worker]!;
      },
    }));
    const model = toyModel();
    const replicas = await openReplicas({ model, workers: 2, spawn: local.spawn, data: { device: 'cpu' } });
    opened.push({ replicas, local });
    expect(heard).toEqual([0, 1].map((worker) => ({ worker, workers: 2, data: { device: 'cpu' } })));
    await replicas.dispose();
    await expect(predict(model, validation, { replicas })).rejects.toThrow(
      'These replicas have been disposed.',
    );
  });

  it('checks the number of workers', async () => {
    const spawn = localWorkers().spawn;
    await expect(openReplicas({ model: toyModel(), workers: 0, spawn })).rejects.toThrow('`workers` must be');
  });
});

describe('parallel inference', () => {
  const whole = async (source: BatchSource, model: LayersModel) => predict(model, source);

  it.each([1, 2, 3])('predicts the very numbers of one thread: %i workers', async (workers) => {
    const model = toyModel();
    const { replicas } = await open(model, workers);
    const before = tf.memory().numTensors;
    expect(await predict(model, validation, { replicas })).toEqual(await whole(validation, model));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('sees weights that changed since', async () => {
    const model = toyModel();
    const { replicas } = await open(model, 2);
    const first = await predict(model, validation, { replicas });
    const other = toyModel({ seed: 5 });
    model.setWeights(other.getWeights());
    const second = await predict(model, validation, { replicas });
    expect(second).not.toEqual(first);
    expect(second).toEqual(await whole(validation, other));
  });

  it('gives features of any shape in the order of the batches, with bounded work ahead', async () => {
    const base = sequential({
      layers: [layers.conv2d({ filters: 3, kernelSize: 2, inputShape: [4, 4, 1], activation: 'relu' })],
    });
    const { replicas } = await open(base, 2);
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
    const { replicas } = await open(model, 2);
    const before = tf.memory().numTensors;
    const outputs = replicas.mapBatches(validation.epoch(0));
    await outputs.next();
    await expect(predict(model, validation, { replicas })).rejects.toMatchObject({ code: 'replicas-busy' });
    await outputs.return(undefined);
    expect(tf.memory().numTensors).toBe(before);
    expect((await predict(model, validation, { replicas })).ids.length).toBe(24);
  });
});
