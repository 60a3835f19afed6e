import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from 'xray-core';
import { castTo, isEmptyTensor, type KernelContext, type KernelFactory } from '../kernel-context.js';

interface ReductionAttributes {
  readonly axis: number | number[];
  /** What `Max` calls its axes. */
  readonly reductionIndices?: number | number[] | undefined;
  readonly keepDims?: boolean | undefined;
}

type NumberType = 'float32' | 'int32' | 'bool';

/** What TensorFlow gives for nothing, and in which type. */
interface OfNothing {
  readonly value: (dtype: NumberType) => number;
  /** @default the tensor's */
  readonly dtype?: 'float32' | 'bool' | undefined;
}

const NOTHING: Readonly<Record<string, OfNothing>> = {
  Sum: { value: () => 0 },
  Prod: { value: () => 1 },
  Mean: { value: () => Number.NaN, dtype: 'float32' },
  All: { value: () => 1, dtype: 'bool' },
  Any: { value: () => 0, dtype: 'bool' },
  Max: { value: (dtype) => ({ float32: Number.NEGATIVE_INFINITY, int32: -(2 ** 31), bool: 0 })[dtype] },
  Min: { value: (dtype) => ({ float32: Number.POSITIVE_INFINITY, int32: 2 ** 31 - 1, bool: 1 })[dtype] },
};

/**
 * A stock reduction, except where the tensor is empty: it divides by zero then, or leaves its result as the memory was.
 */
export function reduceStock(
  context: KernelContext,
  name: keyof typeof NOTHING,
  inputs: tf.NamedTensorInfoMap | undefined,
  attributes: tf.NamedAttrMap | undefined,
): tf.TensorInfo {
  const { x } = inputs as unknown as { x: tf.TensorInfo };
  if (!isEmptyTensor(x)) return context.runStock(name, { x }, attributes);
  const { axis, reductionIndices, keepDims } = attributes as unknown as ReductionAttributes;
  const axes = tf.util.parseAxisParam(reductionIndices ?? axis, x.shape);
  const [shape] = tf.backend_util.computeOutAndReduceShapes(x.shape, axes);
  const dtype = x.dtype as NumberType;
  const nothing = NOTHING[name]!;
  const kept = keepDims ? tf.backend_util.expandShapeToKeepDim(shape, axes) : shape;
  const output = context.backend.makeOutput(kept, nothing.dtype ?? dtype);
  context.backend.valuesOf(output).fill(nothing.value(dtype));
  return output;
}

/** `Prod`, `All`, `Any`, `Max` or `Min`, of empty tensors too. */
export const createReduction =
  (name: string): KernelFactory =>
  (context) =>
  ({ inputs, attrs }) =>
    reduceStock(context, name, inputs, attrs);

/** `ArgMax` or `ArgMin`: the stock kernels divide by zero where the tensor is empty. */
export const createArgReduction =
  (name: string): KernelFactory =>
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    if (!isEmptyTensor(x)) return context.runStock(name, { x }, attrs);
    const axis = tf.util.parseAxisParam((attrs as unknown as ReductionAttributes).axis, x.shape)[0]!;
    if (x.shape[axis] === 0) {
      throw new InvalidArgumentError({
        argument: 'axis',
        expected: 'an axis with at least one value',
        received: { axis, shape: x.shape },
      });
    }
    return context.backend.makeOutput(x.shape.toSpliced(axis, 1), 'int32');
  };

/** `Cumsum` or `Cumprod`: the stock kernels divide by zero where the tensor is empty, and take no bool. */
export const createCumulation =
  (name: string): KernelFactory =>
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    const { backend } = context;
    const numbers = x.dtype === 'bool' ? castTo(context, x, 'int32') : backend.share(x, x.shape);
    if (isEmptyTensor(x)) return numbers;
    const result = context.runStock(name, { x: numbers }, attrs);
    backend.dispose(numbers);
    return result;
  };
