import '@tensorflow/tfjs-backend-cpu';
import { deserialize, serialize } from 'node:v8';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import type { WorkerHandle } from 'xray-core';
import { localWorkers } from '../__fixtures__/local-workers.js';
import { batchNormModel, toyModel, toySource, weightsOf } from '../__fixtures__/toy-problem.js';
import { predict } from '../predict.js';
import { train } from '../train.js';
import { openReplicas } from './open-replicas.js';

const training = toySource({ sampleCount: 43, batchSize: 8, seed: 1 }); // the last batch holds 3 images
const validation = toySource({ sampleCount: 24, batchSize: 2, seed: 2, shuffle: false });

/** What went through the channels of a run. */
interface Traffic {
  toWorkers: number[];
  toProgram: number[];
}

/** Messages as processes exchange them: as bytes, of which shared memory cannot be part. */
function asBytes<Channel extends WorkerHandle>(
  channel: Channel,
  sent: number[],
  received: number[],
): Channel {
  return {
    ...channel,
    sharesMemory: false,
    post(message: unknown) {
      const bytes = serialize(message);
      sent.push(bytes.length);
      channel.post(deserialize(bytes));
    },
    onMessage: (listener: (message: unknown) => void) =>
      channel.onMessage((message) => {
        const bytes = serialize(message);
        received.push(bytes.length);
        listener(deserialize(bytes));
      }),
  };
}

async function run(create: () => LayersModel, isMirrored: boolean) {
  const model = create();
  const traffic: Traffic = { toWorkers: [], toProgram: [] };
  const local = localWorkers(() => ({}), isMirrored ? { sharesMemory: false } : {});
  const replicas = await openReplicas({
    model,
    workers: 3,
    spawn: (worker) =>
      isMirrored ? asBytes(local.spawn(worker), traffic.toWorkers, traffic.toProgram) : local.spawn(worker),
  });
  const settings = { train: training, validation, epochs: 2, seed: 7, learningRate: 0.02, microBatchSize: 2 };
  const { history } = await train({ ...settings, model, replicas });
  const { probabilities } = await predict(model, validation, { replicas });
  const losses = history.map(({ loss, val_loss }) => [loss, val_loss]);
  const result = { losses, probabilities, weights: weightsOf(model), traffic };
  await replicas.dispose();
  local.dispose();
  model.dispose();
  return result;
}

describe('mirrored memory', () => {
  it.each([
    ['a plain network', toyModel],
    ['batch norm', batchNormModel],
  ])('gives the results of shared memory, bit for bit: %s', async (_, create) => {
    const before = tf.memory().numTensors;
    const { traffic: _shared, ...shared } = await run(create, false);
    const { traffic: _mirrored, ...mirrored } = await run(create, true);
    expect(mirrored).toEqual(shared);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('sends a frozen layer once, and its gradient never', async () => {
    const frozen = () => {
      const model = sequential({
        layers: [
          layers.flatten({ inputShape: [4, 4, 1] }),
          layers.dense({ units: 500, trainable: false }),
          layers.dense({ units: 2, activation: 'softmax' }),
        ],
      });
      return model;
    };
    const large = (16 * 500 + 500) * 4;
    const { traffic } = await run(frozen, true);
    expect(Math.max(...traffic.toProgram)).toBeLessThan(large / 4);
    // With `update` before each epoch, each validation and the prediction, for each of three workers.
    const withAllWeights = traffic.toWorkers.filter((bytes) => bytes > large);
    expect(withAllWeights.length).toBe(3 * (2 + 2 + 1));
  });
});
