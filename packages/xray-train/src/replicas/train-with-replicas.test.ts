import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { createRandom, sha256 } from 'xray-core';
import {
  furthest,
  openLocalReplicas,
  training,
  trainOnReplicas,
  validation,
} from '../__fixtures__/local-replicas.js';
import { batchNormModel, toyModel, toySource, untimed, weightsOf } from '../__fixtures__/toy-problem.js';
import { memoryCheckpoints } from '../checkpoints/checkpoint.js';
import { predict } from '../predict.js';
import { train } from '../train.js';
import type { TrainOptions } from '../train-options.js';

const hashOf = (model: LayersModel) =>
  sha256(new Uint8Array(Float32Array.from(weightsOf(model).flat()).buffer));

describe('train with replicas', () => {
  it.each([1, 2, 3, 5])('learns what one thread learns, up to rounding: %i workers', async (workers) => {
    const options = { classWeights: [1, 2], labelSmoothing: 0.1, microBatchSize: 3 };
    const alone = await trainOnReplicas(0, options);
    const shared = await trainOnReplicas(workers, options);

    shared.result.history.forEach((logs, epoch) => {
      expect(logs.loss).toBeCloseTo(alone.result.history[epoch]!.loss, 4);
      expect(logs.val_loss).toBeCloseTo(alone.result.history[epoch]!.val_loss, 4);
    });
    expect(furthest(weightsOf(shared.model).flat(), weightsOf(alone.model).flat())).toBeLessThan(1e-3);
  });

  it.each([2, 3, 5])('augments a sample alike for any number of workers: %i', async (workers) => {
    const darken: TrainOptions['augmentation'] = ({ images, labels, ids }, { seed, epoch }) => {
      const factors = ids.map((id) => createRandom(seed).stream(epoch, id).uniform());
      const scaled = tf.tidy(() => tf.mul(images, tf.tensor4d(factors, [ids.length, 1, 1, 1])));
      return { images: scaled as tf.Tensor4D, labels: tf.clone(labels), ids };
    };
    const plain = await trainOnReplicas(0);
    const alone = await trainOnReplicas(0, { augmentation: darken });
    const shared = await trainOnReplicas(workers, { augmentation: darken });
    const weights = weightsOf(alone.model).flat();
    expect(furthest(weightsOf(shared.model).flat(), weights)).toBeLessThan(1e-3);
    expect(furthest(weightsOf(plain.model).flat(), weights)).toBeGreaterThan(1e-2);
  });

  it('repeats itself bit for bit, and its replicas are identical', async () => {
    const [first, second] = [await trainOnReplicas(3), await trainOnReplicas(3)];

    expect(untimed(second.result.history)).toEqual(untimed(first.result.history));
    const hashes = await Promise.all(
      [first, second].flatMap((r) => [r.model, ...r.replicaModels]).map(hashOf),
    );
    expect(hashes.length).toBe(8);
    expect(new Set(hashes).size).toBe(1);
  });

  it('resumes to the same result as an uninterrupted run', async () => {
    const model = batchNormModel;
    const whole = await trainOnReplicas(2, { epochs: 4, model: model() });
    const checkpoints = memoryCheckpoints();
    await trainOnReplicas(2, { epochs: 2, checkpoints, model: model() });
    const resumed = await trainOnReplicas(2, { epochs: 4, checkpoints, resume: true, model: model() });

    expect(untimed(resumed.result.history)).toEqual(untimed(whole.result.history));
    expect(weightsOf(resumed.model)).toEqual(weightsOf(whole.model));
  });

  it('refuses to go on with another number of workers', async () => {
    const checkpoints = memoryCheckpoints();
    await trainOnReplicas(2, { epochs: 1, checkpoints });
    await expect(trainOnReplicas(3, { checkpoints, resume: true })).rejects.toThrow(
      'workers was 2 and is now 3',
    );
    await expect(trainOnReplicas(0, { checkpoints, resume: true })).rejects.toThrow(
      'workers was 2 and is now 1',
    );
  });

  it('trains what the model trains, also after layers were frozen and freed again', async () => {
    const model = toyModel();
    const { replicas } = await openLocalReplicas(model, 2);
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
    await expect(trainOnReplicas(2, { model, train: poisoned })).rejects.toThrow(
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
    const { replicas, local } = await openLocalReplicas(model, 2);
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
    const aborted = trainOnReplicas(2, {
      ...{ checkpoints, signal: controller.signal },
      onProgress: (event) => event.type === 'batch-end' && event.epoch === 1 && controller.abort(),
    });
    await expect(aborted).rejects.toMatchObject({ code: 'aborted' });
    expect((await checkpoints.read('last'))!.facts.epoch).toBe(0);
  });

  it('refuses replicas of another model', async () => {
    const { replicas } = await openLocalReplicas(toyModel(), 1);
    const options = { model: toyModel(), replicas, train: training, validation, epochs: 1, seed: 7 };
    await expect(train(options)).rejects.toThrow('`replicas` must be copies of the model that is used');
    await expect(predict(options.model, validation, { replicas })).rejects.toThrow('`replicas` must be');
  });
});
