import * as tf from '@tensorflow/tfjs-core';
import type { KernelFactory } from '../kernel-context.js';

/**
 * `Concat` of float32 tensors: the stock kernel takes a hundred times longer along a short last axis, as when a gray
 * image is repeated to three channels. Other types are left to it.
 */
export const createConcat: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const parts = Object.values(inputs as unknown as Record<string, tf.TensorInfo>);
    if (parts.some(({ dtype }) => dtype !== 'float32')) return context.runStock('Concat', inputs, attrs);

    const { backend, module } = context;
    const first = parts[0]!.shape;
    const axis = tf.util.parseAxisParam((attrs as unknown as { axis: number }).axis, first)[0]!;
    const shapes = parts.map(({ shape }) => shape);
    tf.backend_util.assertParamsConsistent(shapes, axis);
    const output = backend.makeOutput(tf.backend_util.computeOutShape(shapes, axis));
    const rows = tf.util.sizeFromShape(first.slice(0, axis));
    const runs = shapes.map((shape) => tf.util.sizeFromShape(shape.slice(axis)));
    const stride = runs.reduce((sum, run) => sum + run, 0);
    let target = backend.addressOf(output);
    parts.forEach((part, index) => {
      const run = runs[index]!;
      if (run > 0) module.copyRuns(backend.addressOf(part), target, rows, run, stride);
      target += run * 4;
    });
    return output;
  };
