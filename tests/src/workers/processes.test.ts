import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Device, processWorker, selectDevice, threadWorker } from 'xray-node-gpu';
import { learnOnWorkers } from './small-training.js';

const MODULE = new URL('./replica.mjs', import.meta.url);
const OPTIONS = { execArgv: ['--conditions=@xray/source'] };

let device: Device;
beforeAll(async () => {
  device = await selectDevice({ require: 'wasm' });
});
afterAll(() => device.dispose());

describe('training on processes', () => {
  it('is training on threads, bit for bit', async () => {
    const before = tf.memory().numTensors;
    const onProcesses = await learnOnWorkers(() => processWorker(MODULE, OPTIONS));
    expect(onProcesses).toEqual(await learnOnWorkers(() => threadWorker(MODULE, OPTIONS)));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('ends with the process that dies', async () => {
    const data = { how: 'exit', atStep: 2 };
    await expect(learnOnWorkers(() => processWorker(MODULE, OPTIONS), { data })).rejects.toThrow(
      /^Worker 2 of 2 failed: it exited with code 7\./,
    );
  });
});
