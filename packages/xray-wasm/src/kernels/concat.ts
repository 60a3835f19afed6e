import * as tf from '@tensorflow/tfjs-core';
import type { KernelContext, KernelFactory } from '../kernel-context.js';

/**
 * `Concat` of float32 or of int32 tensors: the stock kernel takes a hundred times longer along a short last axis, as when
 * a gray image is repeated to three channels. Strings too, since it makes strings out of nothing where there are none;
 * bool tensors and mixed types are left to it.
 */
export const createConcat: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const parts = Object.values(inputs as unknown as Record<string, tf.TensorInfo>);
    const { dtype, shape: first } = parts[0]!;
    const isOurs = dtype === 'float32' || dtype === 'int32' || dtype === 'string';
    if (!isOurs || parts.some((part) => part.dtype !== dtype))
      return context.runStock('Concat', inputs, attrs);

    const { backend, module } = context;
    const axis = tf.util.parseAxisParam((attrs as unknown as { axis: number }).axis, first)[0]!;
    const shapes = parts.map(({ shape }) => shape);
    tf.backend_util.assertParamsConsistent(shapes, axis);
    const shape = tf.backend_util.computeOutShape(shapes, axis);
    const rows = tf.util.sizeFromShape(first.slice(0, axis));
    const runs = shapes.map((shape) => tf.util.sizeFromShape(shape.slice(axis)));
    if (dtype === 'string') return concatStrings(context, parts, shape, rows, runs);
    const output = backend.makeOutput(shape, dtype);
    const stride = runs.reduce((sum, run) => sum + run, 0);
    let target = backend.addressOf(output);
    parts.forEach((part, index) => {
      const run = runs[index]!;
      if (run > 0) module.copyRuns(backend.addressOf(part), target, rows, run, stride);
      target += run * 4;
    });
    return output;
  };

function concatStrings(
  { backend }: KernelContext,
  parts: readonly tf.TensorInfo[],
  shape: readonly number[],
  rows: number,
  runs: readonly number[],
): tf.TensorInfo {
  const strings = parts.map((part) => backend.stringsOf(part));
  const values = Array.from({ length: rows }, (_, row) =>
    strings.flatMap((part, index) => part.slice(row * runs[index]!, (row + 1) * runs[index]!)),
  );
  return backend.makeStrings(shape, values.flat());
}
