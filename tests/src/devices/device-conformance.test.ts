import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KERAS_LAYERS } from 'xray-augment/layers';
import { NORMAL_PNEUMONIA as classList } from 'xray-core';
import { type BundleMetadata, loadBundle, NOT_A_MEDICAL_DEVICE, saveBundle } from 'xray-models';
import { type Device, type DeviceKind, modelFolder, NoDeviceError, selectDevice } from 'xray-node-gpu';
import { AUGMENTATIONS } from './augmentations.js';
import { NEEDED_DEVICES, useSoftwareVulkan } from './known-devices.js';
import { measureDevice, smallCnn, someImages, valuesOf } from './measure-device.js';

useSoftwareVulkan();

/** All but `cpu`, which they are compared with. */
const DEVICES: readonly DeviceKind[] = ['wasm', 'webgpu', 'node', 'node-gpu'];

/** Largest difference over the largest value of the reference. */
function relativeError(actual: readonly number[], reference: readonly number[]): number {
  expect(actual.length).toBe(reference.length);
  const scale = reference.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-30);
  return actual.reduce((worst, value, index) => {
    const difference = Math.abs(value - reference[index]!) / scale;
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }, 0);
}

let reference: Awaited<ReturnType<typeof measureDevice>>;
beforeAll(async () => {
  const device = await selectDevice({ require: 'cpu' });
  reference = await measureDevice();
  device.dispose();
});

describe.each(DEVICES)('%s', (kind) => {
  let device: Device | undefined;
  let reason = '';
  let measured: typeof reference;
  beforeAll(async () => {
    try {
      device = await selectDevice({ require: kind, software: true });
    } catch (error) {
      if (!(error instanceof NoDeviceError) || NEEDED_DEVICES.includes(kind)) throw error;
      reason = error.message;
      return;
    }
    const before = tf.memory().numTensors;
    measured = await measureDevice();
    expect(tf.memory().numTensors).toBe(before);
  });
  afterAll(() => device?.dispose());

  it.for(['cnn', 'batchNorm'] as const)('runs and trains as the cpu backend does: %s', (name, { skip }) => {
    skip(!device, reason);
    expect(relativeError(measured[name].forward, reference[name].forward)).toBeLessThan(1e-5);
    expect(measured[name].gradients).toHaveLength(reference[name].gradients.length);
    for (const [index, gradient] of measured[name].gradients.entries()) {
      expect(relativeError(gradient, reference[name].gradients[index]!)).toBeLessThan(1e-4);
    }
    expect(measured[name].steps).toHaveLength(2);
    for (const [index, weights] of measured[name].steps.entries()) {
      expect(relativeError(weights, reference[name].steps[index]!)).toBeLessThan(1e-3);
    }
  });

  it('augments exactly as the cpu backend does', ({ skip }) => {
    skip(!device, reason);
    for (const name of Object.keys(AUGMENTATIONS)) {
      const { images, labels } = measured.augmented[name]!;
      expect(relativeError(images, reference.augmented[name]!.images), name).toBe(0);
      expect(relativeError(labels, reference.augmented[name]!.labels), name).toBe(0);
    }
  });

  it('runs the layers of Keras models as the cpu backend does', ({ skip }) => {
    skip(!device, reason);
    expect(Object.keys(measured.kerasLayers)).toEqual(Object.keys(KERAS_LAYERS));
    for (const [name, { output, gradient }] of Object.entries(measured.kerasLayers)) {
      expect(relativeError(output, reference.kerasLayers[name]!.output), name).toBeLessThan(1e-5);
      expect(relativeError(gradient, reference.kerasLayers[name]!.gradient), name).toBeLessThan(1e-5);
    }
  });

  it('has the same loss curve in a short training', ({ skip }) => {
    skip(!device, reason);
    expect(relativeError(measured.losses, reference.losses)).toBeLessThan(2e-3);
  });

  it('saves a bundle and loads it with the same predictions', async ({ skip }) => {
    skip(!device, reason);
    const before = tf.memory().numTensors;
    const folder = await mkdtemp(join(tmpdir(), 'conformance-'));
    const model = smallCnn(11);
    await saveBundle({ model, metadata: METADATA }, modelFolder(folder));
    const loaded = await loadBundle(modelFolder(folder));
    expect(loaded.metadata).toEqual(METADATA);
    const x = someImages();
    const [expected, actual] = await Promise.all(
      [model, loaded.model].map((each) => valuesOf(tf.tidy(() => each.predict(x) as tf.Tensor))),
    );
    expect(actual).toEqual(expected);
    x.dispose();
    for (const each of [model, loaded.model]) each.dispose();
    expect(tf.memory().numTensors).toBe(before);
    await rm(folder, { recursive: true });
  });
});

const METADATA: BundleMetadata = {
  architecture: 'cnn',
  classList,
  input: { height: 32, width: 32, channels: 1, resize: { height: 32, width: 32 } },
  threshold: { value: 0.4, rule: 'youden' },
  training: { seed: 11 },
  metrics: {},
  license: 'CC-BY-4.0',
  notice: NOT_A_MEDICAL_DEVICE,
};
