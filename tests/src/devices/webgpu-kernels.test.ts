import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers the gradients
import { describe, expect, it } from 'vitest';
import { NoDeviceError, selectDevice } from 'xray-node-gpu';
import { NEEDED_DEVICES, useSoftwareVulkan } from './known-devices.js';

useSoftwareVulkan();

interface Convolution {
  readonly images: [number, number, number, number];
  readonly filter: [number, number, number, number];
  readonly strides?: number | [number, number];
  readonly pad?: 'valid' | 'same' | number;
  readonly format?: 'NHWC' | 'NCHW';
}

const CONVOLUTIONS: readonly Convolution[] = [
  { images: [2, 9, 11, 3], filter: [3, 3, 3, 8] }, // three channels of colour
  { images: [2, 9, 11, 4], filter: [3, 3, 4, 8], pad: 'same' },
  { images: [3, 10, 7, 1], filter: [5, 3, 1, 5], strides: 2, pad: 'same' },
  { images: [2, 8, 8, 6], filter: [1, 1, 6, 4] }, // the second block of inputs is half full
  { images: [2, 8, 8, 5], filter: [2, 3, 5, 12], strides: [1, 2], pad: 'same' },
  { images: [1, 12, 12, 8], filter: [3, 3, 8, 2], strides: 2, pad: 1 },
  { images: [40, 60, 16, 4], filter: [3, 3, 4, 4] }, // chunks
  { images: [1, 3, 3, 32], filter: [3, 3, 32, 64], pad: 'same' }, // fewer rows than could be divided
  { images: [2, 3, 8, 8], filter: [3, 3, 3, 4], format: 'NCHW' },
];

async function filterGradients(): Promise<number[][]> {
  const gradients: number[][] = [];
  for (const { images, filter, strides = 1, pad = 'valid', format = 'NHWC' } of CONVOLUTIONS) {
    const gradient = tf.tidy(() => {
      const x = tf.randomUniform<tf.Rank.R4>(images, -1, 1, 'float32', 1);
      return tf.grad((weights) => {
        const y = tf.conv2d(x, weights as tf.Tensor4D, strides, pad, format);
        return tf.sum(tf.mul(y, tf.randomUniform(y.shape, -1, 1, 'float32', 2)));
      })(tf.randomUniform<tf.Rank.R4>(filter, -1, 1, 'float32', 3));
    });
    gradients.push(Array.from(await gradient.data()));
    gradient.dispose();
  }
  return gradients;
}

describe('the gradient of the filters on webgpu', () => {
  it('is that of the cpu backend, whatever the shape, and leaves nothing behind', async ({ skip }) => {
    const cpu = await selectDevice({ require: 'cpu' });
    const expected = await filterGradients();
    cpu.dispose();
    const webgpu = await selectDevice({ require: 'webgpu', software: true }).catch((error) => {
      if (!(error instanceof NoDeviceError) || NEEDED_DEVICES.includes('webgpu')) throw error;
      skip(error.message);
    });
    if (!webgpu) return;
    const tensors = tf.memory().numTensors;
    const data = tf.engine().backend.numDataIds();
    const actual = await filterGradients();
    for (const [index, gradient] of actual.entries()) {
      const reference = expected[index]!;
      const scale = Math.max(...reference.map(Math.abs));
      const worst = Math.max(...gradient.map((value, at) => Math.abs(value - reference[at]!)));
      expect(gradient).toHaveLength(reference.length);
      expect(worst / scale, JSON.stringify(CONVOLUTIONS[index])).toBeLessThan(2e-6);
    }
    expect(tf.memory().numTensors).toBe(tensors);
    expect(tf.engine().backend.numDataIds()).toBe(data);
    expect(await filterGradients()).toEqual(actual); // sums have one order
    webgpu.dispose();
  });
});
