import * as tf from '@tensorflow/tfjs-core';
import type { KernelContext, KernelFactory } from '../kernel-context.js';

/**
 * `Tile` of float32 and int32 tensors, one axis after the other from the last: the stock kernel looks up every number
 * by its coordinates, and the gradient of the stock batch normalization repeats whole feature maps. Bool tensors are left
 * to it; it cannot repeat strings, and stops the whole module.
 */
export const createTile: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    const { reps } = attrs as unknown as { reps: number[] };
    const { dtype } = x;
    if (dtype === 'string') return tileStrings(context, x, reps);
    if (dtype !== 'float32' && dtype !== 'int32') return context.runStock('Tile', inputs, attrs);

    const { backend, module } = context;
    let current = backend.share(x, x.shape);
    for (let axis = x.shape.length - 1; axis >= 0; axis--) {
      const times = reps[axis]!;
      if (times === 1) continue;
      const { shape } = current;
      const output = backend.makeOutput(shape.with(axis, shape[axis]! * times), dtype);
      if (tf.util.sizeFromShape(output.shape) > 0) {
        const outer = tf.util.sizeFromShape(shape.slice(0, axis));
        const run = tf.util.sizeFromShape(shape.slice(axis));
        module.repeatRuns(backend.addressOf(current), backend.addressOf(output), outer, run, times);
      }
      backend.dispose(current);
      current = output;
    }
    return current;
  };

function tileStrings({ backend }: KernelContext, x: tf.TensorInfo, reps: readonly number[]): tf.TensorInfo {
  let { shape } = x;
  let values = [...backend.stringsOf(x)];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const run = tf.util.sizeFromShape(shape.slice(axis));
    const runs = Array.from({ length: values.length / Math.max(1, run) }, (_, index) =>
      values.slice(index * run, (index + 1) * run),
    );
    values = runs.flatMap((strings) => Array.from({ length: reps[axis]! }, () => strings).flat());
    shape = shape.with(axis, shape[axis]! * reps[axis]!);
  }
  return backend.makeStrings(shape, values);
}
