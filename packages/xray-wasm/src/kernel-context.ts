import * as tf from '@tensorflow/tfjs-core';
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
    current = castTo(context, current, 'float32');
    temporary.push(current);
  }
  if (dataFormat === 'NCHW') {
    current = transpose(context, current, [0, 2, 3, 1]);
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

/** `[batch, height, width, channels]` of a tensor in the given format. */
export function channelsLastShape({ shape }: tf.TensorInfo, dataFormat: string | undefined): number[] {
  return dataFormat === 'NCHW' ? [0, 2, 3, 1].map((axis) => shape[axis]!) : shape;
}

/** Brings a result that is channels last into the layout the caller asked for, and consumes it. */
export function returnInFormat(
  context: KernelContext,
  result: tf.TensorInfo,
  dataFormat: string | undefined,
): tf.TensorInfo {
  if (dataFormat !== 'NCHW') return result;
  const transposed = transpose(context, result, [0, 3, 1, 2]);
  context.backend.dispose(result);
  return transposed;
}

/** The axes in another order. The stock kernel divides by zero where there is nothing to move. */
export function transpose(context: KernelContext, x: tf.TensorInfo, perm: readonly number[]): tf.TensorInfo {
  if (!isEmptyTensor(x)) return context.runStock('Transpose', { x }, { perm });
  return context.backend.makeOutput(
    perm.map((axis) => x.shape[axis]!),
    x.dtype as 'float32',
  );
}

export const isEmptyTensor = ({ shape }: tf.TensorInfo): boolean => tf.util.sizeFromShape(shape) === 0;

/** The numbers as another type, as TensorFlow.js converts them. The caller owns the result. */
export function castTo(
  { backend }: KernelContext,
  x: tf.TensorInfo,
  dtype: 'float32' | 'int32' | 'bool',
): tf.TensorInfo {
  const output = backend.makeOutput(x.shape, dtype);
  const values = backend.valuesOf(x);
  const target = backend.valuesOf(output);
  if (dtype === 'bool') for (let at = 0; at < target.length; at++) target[at] = values[at] === 0 ? 0 : 1;
  else target.set(values);
  return output;
}
