import * as tf from '@tensorflow/tfjs-core';
import { isEmptyTensor, type KernelContext, type KernelFactory } from '../kernel-context.js';
import { reduceStock } from './reduction.js';

/**
 * `Sum` over neighbouring axes before the last, as in the gradient of a bias: the stock kernel transposes the whole
 * tensor first. Every other sum is left to it.
 */
export const createSum: KernelFactory =
  (context) =>
  ({ inputs, attrs }) =>
    sumOrMean(context, inputs, attrs, false) ?? reduceStock(context, 'Sum', inputs, attrs);

/** `Mean` over the axes that `Sum` takes, as in global average pooling. */
export const createMean: KernelFactory =
  (context) =>
  ({ inputs, attrs }) =>
    sumOrMean(context, inputs, attrs, true) ?? reduceStock(context, 'Mean', inputs, attrs);

function sumOrMean(
  { backend, module }: KernelContext,
  inputs: tf.NamedTensorInfoMap,
  attributes: tf.NamedAttrMap | undefined,
  isMean: boolean,
): tf.TensorInfo | undefined {
  const { x } = inputs as unknown as { x: tf.TensorInfo };
  const { axis, keepDims } = attributes as unknown as {
    axis: number | number[];
    keepDims?: boolean | undefined;
  };
  const axes = tf.util.parseAxisParam(axis, x.shape).sort((left, right) => left - right);
  const first = axes[0];
  const end = (axes.at(-1) ?? 0) + 1;
  const isBlock = first !== undefined && end - first === axes.length && end < x.shape.length;
  if (x.dtype !== 'float32' || !isBlock || isEmptyTensor(x)) return undefined;

  const sizes = [x.shape.slice(0, first), x.shape.slice(first, end), x.shape.slice(end)].map((part) =>
    tf.util.sizeFromShape(part),
  );
  const [outer, rows, columns] = sizes as [number, number, number];
  const kept = keepDims ? axes.map(() => 1) : [];
  const output = backend.makeOutput([...x.shape.slice(0, first), ...kept, ...x.shape.slice(end)]);
  const factor = isMean ? 1 / rows : 1;
  module.sumMiddle(backend.addressOf(x), backend.addressOf(output), outer, rows, columns, factor);
  return output;
}
