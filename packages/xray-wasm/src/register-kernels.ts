import * as tf from '@tensorflow/tfjs-core';
import { BATCH_NORM_TRAINING_KERNELS } from 'xray-core';
import { accessBackend } from './backend-access.js';
import { WasmBackendError } from './errors.js';
import type { KernelContext, KernelFactory } from './kernel-context.js';
import { createAvgPool, createAvgPoolGrad } from './kernels/average-pool.js';
import {
  createBatchNormTraining,
  createBatchNormTrainingGradient,
  createFusedBatchNorm,
} from './kernels/batch-norm.js';
import { createConcat } from './kernels/concat.js';
import { createConv2D, createFusedConv2D } from './kernels/convolution.js';
import {
  CONVOLUTION_BLOCK_KERNELS,
  createBlockBiasGradient,
  createBlockFilterGradient,
  createBlockInputGradient,
  createConvolutionBlock,
} from './kernels/convolution-block.js';
import { createDepthwiseConv2D, createFusedDepthwiseConv2D } from './kernels/depthwise-convolution.js';
import { createDepthwiseFilterGradient, createDepthwiseInputGradient } from './kernels/depthwise-gradient.js';
import {
  BINARY_KERNELS,
  createBinary,
  createClipByValue,
  createSelect,
  createUnary,
  UNARY_KERNELS,
} from './kernels/element-wise.js';
import { createConv2DBackpropFilter } from './kernels/filter-gradient.js';
import { createGather } from './kernels/gather.js';
import { createCast, createIdentity } from './kernels/identity.js';
import { createConv2DBackpropInput } from './kernels/input-gradient.js';
import { createBatchMatMul, createFusedMatMul } from './kernels/matrix-product.js';
import { createMaxPool } from './kernels/max-pool.js';
import { createMaxPoolGrad } from './kernels/max-pool-gradient.js';
import { createOneHot } from './kernels/one-hot.js';
import { createPad } from './kernels/pad.js';
import { createPrelu } from './kernels/prelu.js';
import { createArgReduction, createCumulation, createReduction } from './kernels/reduction.js';
import { createReverse } from './kernels/reverse.js';
import { createUnsortedSegmentSum } from './kernels/segment-sum.js';
import { createSlice } from './kernels/slice.js';
import { createMean, createSum } from './kernels/sum.js';
import { createTile } from './kernels/tile.js';
import { createTranspose } from './kernels/transpose.js';
import { type KernelVariant, loadModule } from './load-module.js';
import { createScratch } from './scratch.js';

/** Every kernel this package registers. */
const FACTORIES: Readonly<Record<string, KernelFactory>> = {
  _FusedMatMul: createFusedMatMul,
  All: createReduction('All'),
  Any: createReduction('Any'),
  ArgMax: createArgReduction('ArgMax'),
  ArgMin: createArgReduction('ArgMin'),
  AvgPool: createAvgPool,
  AvgPoolGrad: createAvgPoolGrad,
  BatchMatMul: createBatchMatMul,
  Cast: createCast,
  ClipByValue: createClipByValue,
  Concat: createConcat,
  Conv2D: createConv2D,
  Conv2DBackpropFilter: createConv2DBackpropFilter,
  Conv2DBackpropInput: createConv2DBackpropInput,
  Cumprod: createCumulation('Cumprod'),
  Cumsum: createCumulation('Cumsum'),
  DepthwiseConv2dNative: createDepthwiseConv2D,
  DepthwiseConv2dNativeBackpropFilter: createDepthwiseFilterGradient,
  DepthwiseConv2dNativeBackpropInput: createDepthwiseInputGradient,
  FusedBatchNorm: createFusedBatchNorm,
  FusedConv2D: createFusedConv2D,
  FusedDepthwiseConv2D: createFusedDepthwiseConv2D,
  GatherV2: createGather,
  Identity: createIdentity,
  Max: createReduction('Max'),
  MaxPool: createMaxPool,
  MaxPoolGrad: createMaxPoolGrad,
  Mean: createMean,
  Min: createReduction('Min'),
  OneHot: createOneHot,
  PadV2: createPad,
  Prelu: createPrelu,
  Prod: createReduction('Prod'),
  Reverse: createReverse,
  Select: createSelect,
  Slice: createSlice,
  Sum: createSum,
  Tile: createTile,
  Transpose: createTranspose,
  UnsortedSegmentSum: createUnsortedSegmentSum,
  ...factoriesOf(BINARY_KERNELS, createBinary),
  ...factoriesOf(Object.keys(UNARY_KERNELS), createUnary),
  [BATCH_NORM_TRAINING_KERNELS.forward]: createBatchNormTraining,
  [BATCH_NORM_TRAINING_KERNELS.gradient]: createBatchNormTrainingGradient,
  [CONVOLUTION_BLOCK_KERNELS.forward]: createConvolutionBlock,
  [CONVOLUTION_BLOCK_KERNELS.inputGradient]: createBlockInputGradient,
  [CONVOLUTION_BLOCK_KERNELS.filterGradient]: createBlockFilterGradient,
  [CONVOLUTION_BLOCK_KERNELS.biasGradient]: createBlockBiasGradient,
};

/** Options of `registerKernels`. */
export interface RegisterKernelsOptions {
  /**
   * Use the build with relaxed SIMD, whose fused multiply-add is faster and rounds once instead of twice: results
   * differ in the last digits between machines with and without it. `'auto'` takes it where the engine has it, `true`
   * insists on it, `false` never takes it.
   *
   * @default 'auto'
   */
  readonly relaxedSimd?: boolean | 'auto' | undefined;
}

/** What `registerKernels` did. */
export interface WasmKernels {
  /** The build in use. */
  readonly variant: KernelVariant;
  /** Names of the registered kernels. */
  readonly kernels: string[];
  /** Puts the stock kernels back and frees the working memory. Calling it again does nothing. */
  unregister(): void;
}

/** One registration per backend instance, pending or done. */
const registrations = new WeakMap<object, Promise<WasmKernels>>();

/**
 * Registers SIMD kernels with which the `wasm` backend of TensorFlow.js trains convolutional networks: the gradients
 * it lacks or computes slowly, and faster convolutions. They stay in place while other backends are active, serve only
 * tensors of the wasm backend, and leave when that backend is removed.
 *
 * Calling it again returns the first call's result, whatever the options.
 *
 * @throws {WasmBackendError} If the wasm backend is not imported or not initialised, if its internals are not those of
 *   TensorFlow.js ~4.22.0, or if the engine lacks the SIMD that is needed. Nothing is registered then.
 *
 * @example
 * await tf.setBackend('wasm');
 * await tf.ready();
 * const { variant } = await registerKernels();
 */
export async function registerKernels(options: RegisterKernelsOptions = {}): Promise<WasmKernels> {
  const backend = accessBackend();
  const existing = registrations.get(backend.instance);
  if (existing) return existing;
  const registration = register(backend, options.relaxedSimd ?? 'auto');
  registrations.set(backend.instance, registration);
  registration.catch(() => registrations.delete(backend.instance));
  return registration;
}

async function register(
  backend: KernelContext['backend'],
  relaxedSimd: boolean | 'auto',
): Promise<WasmKernels> {
  const { variant, module } = await loadModule(backend.memory, relaxedSimd);
  const scratch = createScratch(backend);
  const names = Object.keys(FACTORIES);
  const stock = new Map(
    names.map((name) => [name, tf.getKernel(name, 'wasm') as tf.KernelConfig | undefined]),
  );
  const context: KernelContext = {
    backend,
    module,
    scratch,
    runStock(name, inputs, attributes = {}) {
      const kernel = stock.get(name) ?? (tf.getKernel(name, 'wasm') as tf.KernelConfig | undefined);
      if (!kernel) throw new WasmBackendError(`The wasm backend has no kernel '${name}'.`);
      return kernel.kernelFunc({
        inputs,
        attrs: attributes as tf.NamedAttrMap,
        backend: backend.instance,
      }) as tf.TensorInfo;
    },
  };

  let isRegistered = true;
  const unregister = (): void => {
    if (!isRegistered) return;
    isRegistered = false;
    registrations.delete(backend.instance);
    for (const [name, config] of stock) replaceKernel(name, config);
    scratch.free();
  };
  for (const [name, create] of Object.entries(FACTORIES)) {
    replaceKernel(name, {
      kernelName: name,
      backendName: 'wasm',
      kernelFunc: create(context),
      disposeFunc: unregister, // when the backend is removed, its memory goes with it
    });
  }
  return { variant, kernels: names, unregister };
}

/** Registering over a kernel would print a warning, hence the removal. */
function replaceKernel(name: string, config: tf.KernelConfig | undefined): void {
  if (tf.getKernel(name, 'wasm')) tf.unregisterKernel(name, 'wasm');
  if (config) tf.registerKernel(config);
}

function factoriesOf(
  names: readonly string[],
  create: (name: string) => KernelFactory,
): Record<string, KernelFactory> {
  return Object.fromEntries(names.map((name) => [name, create(name)]));
}
