import type * as tf from '@tensorflow/tfjs-core';
import type { BackendAccess } from './backend-access.js';
import type { KernelModule } from './load-module.js';
import type { Scratch } from './scratch.js';

/** What every kernel works with. */
export interface KernelContext {
  readonly backend: BackendAccess;
  readonly module: KernelModule;
  readonly scratch: Scratch;
  /** Runs a kernel of the stock backend, replaced or not, for example `'Transpose'`. The caller owns the result. */
  runStock(kernelName: string, inputs: tf.NamedTensorInfoMap, attributes?: object): tf.TensorInfo;
}

/** Makes one kernel. Under its own name, `context.runStock` runs the stock kernel that it replaces. */
export type KernelFactory = (context: KernelContext) => tf.KernelFunc;

/** A tensor that may be a temporary copy. */
export interface Borrowed {
  readonly tensor: tf.TensorInfo;
  /** Frees the copy, if it is one. */
  release(): void;
}

/** Float32, channels last: the tensor itself where it is that already, else a temporary copy. */
export function borrowChannelsLast(
  context: KernelContext,
  tensor: tf.TensorInfo,
  dataFormat: string | undefined,
): Borrowed {
  const temporary: tf.TensorInfo[] = [];
  let current = tensor;
  if (current.dtype !== 'float32') {
    current = context.runStock('Cast', { x: current }, { dtype: 'float32' });
    temporary.push(current);
  }
  if (dataFormat === 'NCHW') {
    current = context.runStock('Transpose', { x: current }, { perm: [0, 2, 3, 1] });
    temporary.push(current);
  }
  return {
    tensor: current,
    release: () =>
      temporary.forEach((copy) => {
        context.backend.dispose(copy);
      }),
  };
}

/** Brings a result that is channels last into the layout the caller asked for, and consumes it. */
export function returnInFormat(
  context: KernelContext,
  result: tf.TensorInfo,
  dataFormat: string | undefined,
): tf.TensorInfo {
  if (dataFormat !== 'NCHW') return result;
  const transposed = context.runStock('Transpose', { x: result }, { perm: [0, 3, 1, 2] });
  context.backend.dispose(result);
  return transposed;
}
