import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openLocalReplicas, training, trainOnReplicas, validation } from '../__fixtures__/local-replicas.js';
import { localWorkers } from '../__fixtures__/local-workers.js';
import { toyModel, toySource, untimed } from '../__fixtures__/toy-problem.js';
import { memoryCheckpoints } from '../checkpoints/checkpoint.js';
import { train } from '../train.js';
import { openReplicas } from './open-replicas.js';

describe('a worker that fails', () => {
  it('ends the run with its error and leaves the last finished epoch', async () => {
    const model = toyModel();
    const checkpoints = memoryCheckpoints();
    let passes = 0;
    const { replicas, local } = await openLocalReplicas(model, 2, (worker) => ({
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
    const healthy = await openLocalReplicas(again, 2);
    const resumed = await train({ ...options, model: again, replicas: healthy.replicas, resume: true });
    const whole = await trainOnReplicas(2);
    expect(untimed(resumed.history)).toEqual(untimed(whole.result.history));
  });

  it('is reported when its thread dies in the middle of a step', async () => {
    const { replicas, local } = await openLocalReplicas(toyModel(), 2);
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
