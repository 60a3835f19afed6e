import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { type Device, explainExhaustion, NoDeviceError, selectDevice } from 'xray-node-gpu';
import { NEEDED_DEVICES, useSoftwareVulkan } from './known-devices.js';

useSoftwareVulkan();

async function softwareGpu(skip: (note: string) => void): Promise<Device | undefined> {
  try {
    const device = await selectDevice({ require: 'webgpu', software: true });
    if (device.facts.isSoftware) return device;
    device.dispose();
    skip('what is tried here is that of SwiftShader');
  } catch (error) {
    if (!(error instanceof NoDeviceError) || NEEDED_DEVICES.includes('webgpu')) throw error;
    skip(error.message);
  }
  return undefined;
}

/** The sum of so many MiB of twos. */
const sumOfTwos = async (megabytes: number) => {
  const sum = tf.tidy(() => tf.sum(tf.fill([megabytes * 2 ** 18], 2)));
  const [value] = await sum.data();
  sum.dispose();
  return value;
};

describe('a GPU that has no room for a buffer', () => {
  it('fails what needs it instead of computing without it, and can be used on', async ({ skip }) => {
    const device = await softwareGpu(skip);
    if (!device) return;
    // SwiftShader allows buffers of 1 GiB and has none: a real refusal by a driver.
    const megabytes = device.facts.largestBufferMegabytes!;
    const sum = 2 * 2 ** 18;
    expect(await sumOfTwos(1)).toBe(sum);
    const tensors = tf.memory().numTensors;
    const used = device.memory.used();

    const error = await sumOfTwos(megabytes).catch((reason) => reason);
    expect(explainExhaustion(error, { kind: 'webgpu', batchSize: 16 })).toMatchObject({
      code: 'device-memory',
      message: expect.stringMatching(
        /^The GPU, on which tensors take \d+ [KM]iB, has no room for 1 GiB more with 16 images at once\. Try 8 at once/,
      ),
      available: used,
    });
    expect(tf.memory().numTensors).toBe(tensors);
    expect(device.memory.used()).toBe(used);
    expect(await sumOfTwos(1)).toBe(sum);
    device.dispose();
  });
});
