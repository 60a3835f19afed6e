import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { BATCH_NORM_TRAINING_KERNELS } from 'xray-core';
import {
  createCnn,
  createInceptionV3,
  createMobileNetV2,
  createTransferModel,
  cutModel,
  STUDY_HEADS,
} from 'xray-models';
import { DEVICE_KINDS, type DeviceKind, NoDeviceError, selectDevice } from 'xray-node-gpu';
import { crossEntropy, rehearseStep } from 'xray-train';
import { NEEDED_DEVICES, useSoftwareVulkan } from './known-devices.js';
import { measureDevice } from './measure-device.js';

useSoftwareVulkan();

/** Under which name a device's kernels are registered. */
const BACKENDS: Readonly<Record<DeviceKind, string>> = {
  'node-gpu': 'tensorflow',
  webgpu: 'webgpu',
  node: 'tensorflow',
  wasm: 'wasm',
  cpu: 'cpu',
};

/** Every network, forward and backward. */
async function trainNetworks(): Promise<void> {
  const cnn = createCnn({ imageShape: [64, 64, 1], channels: 1 });
  const networks = [
    createInceptionV3({ imageShape: [75, 75, 3], classes: 2 }),
    createMobileNetV2({ imageShape: [32, 32, 3], classes: 2 }),
    createTransferModel({ base: cutModel(cnn, 'block1_pool'), head: STUDY_HEADS.CNN, classes: 3 }),
  ];
  for (const network of networks) {
    await rehearseStep(network, { images: 1 });
    const shape = network.inputs[0]!.shape.slice(1) as number[];
    tf.tidy(() => network.predict(tf.zeros([1, ...shape])));
    network.dispose();
  }
}

async function runLosses(): Promise<void> {
  const model = sequential({ layers: [layers.dense({ inputShape: [3], units: 2, activation: 'softmax' })] });
  tf.tidy(() =>
    tf.variableGrads(() => {
      const probabilities = model.apply(tf.ones([2, 3])) as tf.Tensor2D;
      const options = { classWeights: [1, 2], labelSmoothing: 0.1 };
      return tf.mean(crossEntropy(tf.eye(2), probabilities, options)) as tf.Scalar;
    }),
  );
  model.dispose();
}

/** Names of the kernels that work runs on a device. */
async function kernelsOf(kind: DeviceKind, work: () => Promise<void>): Promise<string[]> {
  const device = await selectDevice({ require: kind });
  const { kernelNames } = await tf.profile(async () => {
    await work();
    return tf.scalar(0);
  });
  // The profile also names scopes, such as those of gradients of our own.
  const names = kernelNames.filter((name) => tf.getKernel(name, BACKENDS[kind]));
  device.dispose();
  return names;
}

let used: readonly string[];
beforeAll(async () => {
  const names = [
    // Training, batch norm made of ops, optimizers, every augmentation, the layers of Keras models.
    ...(await kernelsOf('cpu', async () => void (await measureDevice()))),
    ...(await kernelsOf('wasm', trainNetworks)), // too large for cpu
    ...(await kernelsOf('cpu', runLosses)),
  ];
  // Of xray-wasm, and used where they are registered only.
  const own = new Set<string>(Object.values(BATCH_NORM_TRAINING_KERNELS));
  used = [...new Set(names)].filter((name) => !own.has(name)).sort();
}, 120_000);

describe('the kernels of our models, layers, losses and augmentations', () => {
  it('are many, gradients among them', () => {
    expect(used.length).toBeGreaterThan(50);
    expect(used).toEqual(
      expect.arrayContaining([
        ...['Conv2D', 'Conv2DBackpropFilter', 'Conv2DBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'],
        ...['MaxPoolGrad', 'AvgPoolGrad', 'FusedBatchNorm', 'GatherV2', 'ScatterNd'],
      ]),
    );
  });

  it.for(DEVICE_KINDS)('are all there on %s', async (kind, { skip }) => {
    try {
      const device = await selectDevice({ require: kind, software: true });
      const there = new Set(tf.getKernelsForBackend(BACKENDS[kind]).map(({ kernelName }) => kernelName));
      device.dispose();
      expect(used.filter((name) => !there.has(name))).toEqual([]);
    } catch (error) {
      if (!(error instanceof NoDeviceError) || NEEDED_DEVICES.includes(kind)) throw error;
      skip(error.message);
    }
  });
});
