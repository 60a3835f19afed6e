import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BatchSource, ProgressEvent } from 'xray-core';
import { toyModel, toySource } from './__fixtures__/toy-problem.js';
import { train } from './train.js';

/** A clock that only the source and the device move. */
let now = 0;
beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

const BATCHES = 5;
const training = toySource({ sampleCount: 8 * BATCHES, batchSize: 8, seed: 1 });
const validation = toySource({ sampleCount: 8, batchSize: 8, seed: 2 });

/** A source that takes so many milliseconds for each batch. */
function taking(milliseconds: number): BatchSource {
  return {
    ...training,
    async *epoch(epoch) {
      for await (const batch of training.epoch(epoch)) {
        now += milliseconds;
        yield batch;
      }
    },
  };
}

/** Trains for one epoch on a device that takes so many milliseconds for a step. */
async function run(source: BatchSource, step: number) {
  const model = toyModel();
  const events: ProgressEvent[] = [];
  const { history } = await train({
    ...{ model, train: source, validation, epochs: 1, seed: 7 },
    forward(images, { training: isTraining }) {
      if (isTraining) now += step;
      return model.apply(images, { training: isTraining }) as tf.Tensor2D;
    },
    onProgress: (event) => events.push(event),
  });
  model.dispose();
  const batches = events.flatMap((event) => (event.type === 'batch-end' ? [event] : []));
  expect(batches).toHaveLength(BATCHES);
  return { batches, share: history[0]!.stall_share };
}

/** Lets other work run before values can be read, as a device with a processor of its own does. */
function computeAsynchronously(): void {
  const { data } = tf.Tensor.prototype;
  vi.spyOn(tf.Tensor.prototype, 'data').mockImplementation(async function (this: tf.Tensor) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return data.call(this);
  } as typeof data);
}

describe('the stall counter', () => {
  it('counts the batches that are made on the thread that computes', async () => {
    const { batches, share } = await run(taking(40), 60);
    for (const { stallMilliseconds, stallShare } of batches) {
      expect(stallMilliseconds).toBe(40);
      expect(stallShare).toBeCloseTo(0.4, 10);
    }
    expect(share).toBeCloseTo(0.4, 10);
  });

  it('counts none but the first where the device computes while the next batch is made', async () => {
    computeAsynchronously();
    const { batches, share } = await run(taking(40), 60);
    expect(batches.map(({ stallMilliseconds }) => stallMilliseconds)).toEqual([40, 0, 0, 0, 0]);
    expect(share).toBeLessThan(0.1);
  });

  it('counts nothing for a source that is ready', async () => {
    const { batches, share } = await run(taking(0), 60);
    expect(batches.map(({ stallMilliseconds }) => stallMilliseconds)).toEqual([0, 0, 0, 0, 0]);
    expect(share).toBe(0);
  });

  it('counts what a slow source takes longer than the device', async () => {
    computeAsynchronously();
    /** Opens the gate of the next batch long after the device has finished. */
    const slow: BatchSource = {
      ...training,
      async *epoch(epoch) {
        for await (const batch of training.epoch(epoch)) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          now += 90;
          yield batch;
        }
      },
    };
    const { batches, share } = await run(slow, 60);
    for (const { stallMilliseconds } of batches) expect(stallMilliseconds).toBe(90);
    expect(share).toBeCloseTo(0.6, 10);
  });
});
