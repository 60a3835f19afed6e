import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createCnn } from 'xray-models';
import {
  type Device,
  type DeviceKind,
  DeviceMemoryError,
  explainExhaustion,
  imagesThatFit,
  NoDeviceError,
  selectDevice,
} from 'xray-node-gpu';
import { rehearseStep } from 'xray-train';
import { NEEDED_DEVICES, useSoftwareVulkan } from './known-devices.js';

useSoftwareVulkan();

const SIZE = 32;
/** MiB. */
const LIMIT = 2;
const TOO_MANY = 16;
const DEVICES: readonly DeviceKind[] = ['wasm', 'webgpu', 'node', 'node-gpu'];

async function startedOn(kind: DeviceKind, skip: (note: string) => void): Promise<Device | undefined> {
  try {
    return await selectDevice({ require: kind, software: true, memoryLimit: LIMIT });
  } catch (error) {
    if (!(error instanceof NoDeviceError) || NEEDED_DEVICES.includes(kind)) throw error;
    skip(error.message);
    return undefined;
  }
}

describe.each(DEVICES)('a training on %s with a memory limit', (kind) => {
  it('ends before it passes the limit, and is told how many images fit', async ({ skip }) => {
    const device = await startedOn(kind, skip);
    if (!device) return;
    const { memory } = device;
    const model = createCnn({ imageShape: [SIZE, SIZE, 1], channels: 1, filters: [8], seed: 7 });
    const step = (images: number) => rehearseStep(model, { images });
    const tensors = tf.memory().numTensors;

    let failure: unknown;
    const peak = await memory.peakOf(async () => {
      failure = await step(TOO_MANY).catch((error) => error);
    });
    expect(failure).toBeInstanceOf(DeviceMemoryError);
    expect(peak).toBeLessThanOrEqual(LIMIT * 2 ** 20);
    expect(tf.memory().numTensors).toBe(tensors);

    const fitting = (await imagesThatFit(memory, step))!;
    expect(fitting).toBeGreaterThan(2);
    expect(fitting).toBeLessThan(TOO_MANY);
    await step(fitting);
    // Not many more do: the measurement is no mere guess.
    await expect(step(Math.ceil(fitting * 1.2) + 1)).rejects.toThrow(DeviceMemoryError);
    await step(fitting);
    expect(tf.memory().numTensors).toBe(tensors);

    const told = explainExhaustion(failure, { kind, batchSize: TOO_MANY, fitting })!;
    expect(told.suggestion).toBe(fitting);
    expect(told.message).toContain(
      `with ${TOO_MANY} images at once. By measurement it is enough for ${fitting} at once`,
    );
    model.dispose();
    device.dispose();
  });
});

describe('imagesThatFit', () => {
  /** A device of which a step takes 100 bytes and 7 for every image. */
  const memory = (limit: number | undefined) => {
    let images = 0;
    return {
      step: async (count: number) => {
        images = count;
      },
      limit,
      used: () => 0,
      async peakOf(work: () => Promise<unknown>) {
        await work();
        return 100 + 7 * images;
      },
    };
  };
  it.each([
    [200, 14], // 100 + 14 x 7 = 198
    [198, 14],
    [197, 13],
    [107, 1],
    [106, 0],
  ])('of %i bytes', async (limit, images) => {
    const device = memory(limit);
    expect(await imagesThatFit(device, device.step)).toBe(images);
    const unlimited = memory(undefined);
    expect(await imagesThatFit(unlimited, unlimited.step, limit)).toBe(images);
    expect(await imagesThatFit(unlimited, unlimited.step)).toBeUndefined();
  });
});
