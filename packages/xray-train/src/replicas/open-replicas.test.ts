import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, it } from 'vitest';
import { openLocalReplicas, validation } from '../__fixtures__/local-replicas.js';
import { localWorkers } from '../__fixtures__/local-workers.js';
import { toyModel } from '../__fixtures__/toy-problem.js';
import { predict } from '../predict.js';
import { openReplicas } from './open-replicas.js';

describe('openReplicas', () => {
  it('ends its workers when the signal fires', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const model = toyModel();
    const { replicas, local } = await openLocalReplicas(model, 2, undefined, { signal });
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
    expect(heard).toEqual([0, 1].map((worker) => ({ worker, workers: 2, data: { device: 'cpu' } })));
    await replicas.dispose();
    await expect(predict(model, validation, { replicas })).rejects.toThrow(
      'These replicas have been disposed.',
    );
    local.dispose();
  });

  it('checks the number of workers', async () => {
    const spawn = localWorkers().spawn;
    await expect(openReplicas({ model: toyModel(), workers: 0, spawn })).rejects.toThrow('`workers` must be');
  });
});
