import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Device, selectDevice, threadWorker } from 'xray-node-gpu';
import { memoryCheckpoints } from 'xray-train';
import { fuse } from 'xray-wasm';
import type { Death } from './replica.js';
import { learn, learnOnWorkers, smallCnn, smallTraining } from './small-training.js';

let device: Device;
beforeAll(async () => {
  device = await selectDevice({ require: 'wasm' });
});
afterAll(() => device.dispose());

const spawn = () =>
  threadWorker(new URL('./replica.mjs', import.meta.url), { execArgv: ['--conditions=@xray/source'] });

describe('training on threads', () => {
  it('repeats itself bit for bit, and learns what one thread learns with the same dropout masks', async () => {
    const before = tf.memory().numTensors;
    const first = await learnOnWorkers(spawn);
    expect(await learnOnWorkers(spawn)).toEqual(first);

    const model = smallCnn();
    const alone = await learn({ model, forward: fuse(model) });
    expect(first.losses.length).toBe(alone.losses.length);
    first.losses.forEach((loss, index) => {
      expect(loss).toBeCloseTo(alone.losses[index]!, 5);
    });
    expect(first.probabilities.length).toBe(alone.probabilities.length);
    first.probabilities.forEach((probability, index) => {
      expect(probability).toBeCloseTo(alone.probabilities[index]!, 4);
    });
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[Death['how'], RegExp]>([
    ['exit', /^Worker 2 of 2 failed: it exited with code 7\./],
    ['throw', /^Worker 2 of 2 failed: thrown in a timer\./],
  ])(
    'ends with the error of a worker that dies (%s) and goes on from the last epoch',
    async (how, message) => {
      const checkpoints = memoryCheckpoints();
      const { batchCount } = (await smallTraining()).train;
      const data: Death = { how, atStep: batchCount + 2 }; // in the second epoch
      const failed = learnOnWorkers(spawn, { data, checkpoints });
      await expect(failed).rejects.toMatchObject({ code: 'worker-failed', worker: 1 });
      await expect(failed).rejects.toThrow(message);
      expect((await checkpoints.read('last'))!.facts.epoch).toBe(0);

      const resumed = await learnOnWorkers(spawn, { checkpoints, resume: true });
      expect(resumed).toEqual(await learnOnWorkers(spawn));
    },
  );
});
