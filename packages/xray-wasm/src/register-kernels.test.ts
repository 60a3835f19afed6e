import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, XrayError } from 'xray-core';
import { onBoth, randomValues, relativeError, startWasm } from './__fixtures__/backends.js';
import { networkLoss, networkShapes, registerGradients } from './__fixtures__/gradients.js';
import { registerKernels, type WasmKernels } from './register-kernels.js';

const NAMES = [
  'Abs',
  'Acos',
  'Acosh',
  'Add',
  'All',
  'Any',
  'ArgMax',
  'ArgMin',
  'Asin',
  'Asinh',
  'Atan',
  'Atanh',
  'AvgPool',
  'AvgPoolGrad',
  'BatchMatMul',
  'Cast',
  'ClipByValue',
  'Concat',
  'Conv2D',
  'Conv2DBackpropFilter',
  'Conv2DBackpropInput',
  'Cumprod',
  'Cumsum',
  'DepthwiseConv2dNative',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'Exp',
  'Expm1',
  'FusedBatchNorm',
  'FusedConv2D',
  'FusedDepthwiseConv2D',
  'GatherV2',
  'Identity',
  'IsFinite',
  'IsInf',
  'IsNan',
  'LeakyRelu',
  'Log1p',
  'Max',
  'MaxPool',
  'MaxPoolGrad',
  'Maximum',
  'Mean',
  'Min',
  'Minimum',
  'Multiply',
  'Neg',
  'OneHot',
  'PadV2',
  'Prelu',
  'Prod',
  'RealDiv',
  'Reciprocal',
  'Relu',
  'Relu6',
  'Reverse',
  'Round',
  'Select',
  'Selu',
  'Sign',
  'Sinh',
  'Slice',
  'Softplus',
  'Square',
  'SquaredDifference',
  'Step',
  'Sub',
  'Sum',
  'Tile',
  'Transpose',
  'UnsortedSegmentSum',
  'XrayBatchNormTraining',
  'XrayBatchNormTrainingGradient',
  'XrayConvolutionBlock',
  'XrayConvolutionBlockBiasGradient',
  'XrayConvolutionBlockFilterGradient',
  'XrayConvolutionBlockInputGradient',
  '_FusedMatMul',
];
const functionOf = (name: string) => (tf.getKernel(name, 'wasm') as tf.KernelConfig | undefined)?.kernelFunc;

let kernels: WasmKernels | undefined;
afterEach(() => kernels?.unregister());

describe('registerKernels before the backend is ready', () => {
  it('asks for the backend to be initialised', async () => {
    await tf.setBackend('cpu');
    await expect(registerKernels()).rejects.toThrow(
      "The wasm backend is not initialised. Call `await tf.setBackend('wasm')` and `await tf.ready()` first.",
    );
  });

  it('asks for the backend to be imported', async () => {
    const factories = tf.engine().registryFactory;
    const { wasm } = factories;
    delete factories.wasm;
    try {
      const error = await registerKernels().catch((reason: unknown) => reason);
      expect(XrayError.isInstance(error) && error.code).toBe('wasm-backend');
      expect(String(error)).toContain("The wasm backend is missing. Import '@tensorflow/tfjs-backend-wasm'");
    } finally {
      factories.wasm = wasm!;
    }
  });
});

describe('registerKernels', () => {
  beforeAll(async () => {
    await startWasm();
    registerGradients();
  });

  it('registers what it lists and gives the same answer twice', async () => {
    const backend = tf.getBackend();
    const [first, second] = await Promise.all([registerKernels(), registerKernels({ relaxedSimd: false })]);
    kernels = first;
    expect(second).toBe(first);
    expect(await registerKernels()).toBe(first);
    expect([...first.kernels].sort()).toEqual(NAMES);
    expect(['simd', 'relaxed-simd']).toContain(first.variant);
    expect(tf.getBackend()).toBe(backend);
  });

  it('works while another backend is active', async () => {
    await tf.setBackend('cpu');
    kernels = await registerKernels();
    expect(tf.getBackend()).toBe('cpu');
    await tf.setBackend('wasm');
  });

  it('puts the stock kernels back, and can register again', async () => {
    const stock = NAMES.map(functionOf);
    kernels = await registerKernels();
    const own = NAMES.map(functionOf);
    expect(own.every((kernel, index) => kernel !== undefined && kernel !== stock[index])).toBe(true);
    kernels.unregister();
    kernels.unregister();
    expect(NAMES.map(functionOf)).toEqual(stock);
    expect(functionOf('Conv2DBackpropFilter')).toBeUndefined();

    const again = await registerKernels();
    expect(again).not.toBe(kernels);
    kernels.unregister(); // an old handle must not undo the new registration
    expect(functionOf('Conv2DBackpropFilter')).toBeDefined();
    kernels = again;
  });

  it.each(['_malloc', 'asm'])('names both versions when the internal %s has moved', async (name) => {
    const { wasm } = tf.backend() as unknown as { wasm: Record<string, unknown> };
    const kept = wasm[name];
    delete wasm[name];
    try {
      const failed = registerKernels();
      await expect(failed).rejects.toThrow(
        /internals of the wasm backend have moved.*~4\.22\.0; found: TensorFlow\.js 4\./,
      );
      await expect(failed).rejects.toMatchObject({ code: 'wasm-backend' });
    } finally {
      wasm[name] = kept;
    }
    expect(functionOf('Conv2DBackpropFilter')).toBeUndefined();
  });

  it.each([false, 'auto'] as const)(
    'trains a network as the cpu backend does, relaxedSimd %s',
    async (relaxedSimd) => {
      kernels = await registerKernels({ relaxedSimd });
      const random = createRandom(1);
      const size = 38;
      const shapes = networkShapes(3, [8, 16, 24], 3 * 3 * 24);
      const imageValues = randomValues(random, [2, size, size, 3]);
      const weightValues = shapes.map((shape) => randomValues(random, shape).map((value) => value * 0.3));
      const numTensors = { before: 0, after: 0 };
      const { reference, own } = await onBoth(() => {
        const images = tf.tensor4d(imageValues, [2, size, size, 3]);
        const labels = tf.tensor2d([1, 0, 0, 1], [2, 2]);
        const variables = weightValues.map((values, index) => tf.variable(tf.tensor(values, shapes[index])));
        numTensors.before = tf.memory().numTensors;
        const { value, grads } = tf.variableGrads(() => networkLoss(images, labels, variables), variables);
        numTensors.after = tf.memory().numTensors;
        const results = [value, ...variables.map((variable) => grads[variable.name]!)];
        tf.dispose(variables);
        return results;
      });
      expect(own).toHaveLength(9);
      own.forEach((result, index) => {
        expect(relativeError(result, reference[index]!)).toBeLessThanOrEqual(2e-5);
      });
      expect(numTensors.after - numTensors.before).toBe(9);
    },
  );

  it('leaves with the backend, so that a new one works', async () => {
    const first = await registerKernels();
    const createBackend = tf.findBackendFactory('wasm');
    await tf.setBackend('cpu');
    tf.removeBackend('wasm');
    expect(functionOf('Conv2DBackpropFilter')).toBeUndefined();
    tf.registerBackend('wasm', createBackend);
    await startWasm();
    kernels = await registerKernels();
    expect(kernels).not.toBe(first);
    const sum = tf.tidy(() => tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2]), 0).dataSync());
    expect(Array.from(sum)).toEqual([4, 6]);
  });
});
