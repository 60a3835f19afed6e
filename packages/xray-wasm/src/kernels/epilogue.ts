import type * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from 'xray-core';
import type { KernelContext } from '../kernel-context.js';
import { runBinary } from './element-wise.js';

/** What the fused kernels do with the result of a convolution. */
export interface Epilogue {
  /** Of any shape that broadcasts; a vector means a value per channel. */
  readonly bias?: tf.TensorInfo | undefined;
  /** @default 'linear' */
  readonly activation?: string | undefined;
  readonly preluActivationWeights?: tf.TensorInfo | undefined;
  /** @default 0.2 */
  readonly leakyreluAlpha?: number | undefined;
  readonly dataFormat?: string | undefined;
}

/** A float32 vector with a value for each of so many channels. */
export function isPerChannel(values: tf.TensorInfo | undefined, channels: number): boolean {
  return values?.dtype === 'float32' && values.shape.length === 1 && values.shape[0] === channels;
}

/** Adds the bias and applies the activation, as operations of the stock backend. Consumes `result`. */
export function applyEpilogue(
  context: KernelContext,
  result: tf.TensorInfo,
  { bias, activation = 'linear', preluActivationWeights, leakyreluAlpha, dataFormat }: Epilogue,
): tf.TensorInfo {
  let current = result;
  const replaceBy = (next: tf.TensorInfo) => {
    context.backend.dispose(current);
    current = next;
  };
  if (bias) replaceBy(context.runStock('Add', { a: current, b: perChannel(bias, dataFormat) }));
  if (activation !== 'linear') {
    const alpha = preluActivationWeights && perChannel(preluActivationWeights, dataFormat);
    replaceBy(applyActivation(context, current, activation, alpha, leakyreluAlpha));
  }
  return current;
}

/** A vector of one value per channel meets the channel axis of either format. */
function perChannel(values: tf.TensorInfo, dataFormat: string | undefined): tf.TensorInfo {
  const isVector = values.shape.length === 1 && values.shape[0] !== 1;
  return dataFormat === 'NCHW' && isVector ? { ...values, shape: [...values.shape, 1, 1] } : values;
}

function applyActivation(
  context: KernelContext,
  x: tf.TensorInfo,
  activation: string,
  alpha: tf.TensorInfo | undefined,
  leakyreluAlpha = 0.2,
): tf.TensorInfo {
  switch (activation) {
    case 'relu':
      return context.runStock('Relu', { x });
    case 'relu6':
      return context.runStock('Relu6', { x });
    case 'elu':
      return context.runStock('Elu', { x });
    case 'sigmoid':
      return context.runStock('Sigmoid', { x });
    case 'leakyrelu':
      return context.runStock('LeakyRelu', { x }, { alpha: leakyreluAlpha });
    case 'prelu':
      return applyPrelu(context, x, alpha);
    default:
      throw new InvalidArgumentError({
        argument: 'activation',
        expected: "'linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu' or 'prelu'",
        received: activation,
      });
  }
}

/** `max(x, 0) + alpha * min(x, 0)`. The stock `Prelu` takes a value per channel only, not every shape that broadcasts. */
export function applyPrelu(
  context: KernelContext,
  x: tf.TensorInfo,
  alpha: tf.TensorInfo | undefined,
): tf.TensorInfo {
  const positive = context.runStock('Relu', { x });
  const negative = runBinary(context, 'Sub', { a: x, b: positive });
  const scaled = runBinary(context, 'Multiply', { a: alpha!, b: negative });
  const result = runBinary(context, 'Add', { a: positive, b: scaled });
  for (const part of [positive, negative, scaled]) context.backend.dispose(part);
  return result;
}
