import * as tf from '@tensorflow/tfjs-core';
import type { KernelContext, KernelFactory } from '../kernel-context.js';

/** Axes that the stock kernel pads rightly. */
const MOST_AXES = 6;
/** Axes that one step pads, between one before and one after them. */
const AXES_PER_STEP = 4;

interface PadAttributes {
  readonly paddings: readonly (readonly [number, number])[];
  readonly constantValue: number;
}

/**
 * `PadV2`: the stock kernel returns uninitialised memory beyond six axes. They are padded in steps here, some axes at a
 * time, all before and all after them as one.
 */
export const createPad: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    const attributes = attrs as unknown as PadAttributes;
    if (x.shape.length <= MOST_AXES) return context.runStock('PadV2', { x }, attributes);
    let current = context.backend.share(x, x.shape);
    for (let axis = 0; axis < x.shape.length; axis += AXES_PER_STEP) {
      const next = padAxes(context, current, axis, attributes);
      context.backend.dispose(current);
      current = next;
    }
    return current;
  };

function padAxes(
  { backend, runStock }: KernelContext,
  x: tf.TensorInfo,
  first: number,
  { paddings, constantValue }: PadAttributes,
): tf.TensorInfo {
  const end = first + AXES_PER_STEP;
  const [before, between, after] = [x.shape.slice(0, first), x.shape.slice(first, end), x.shape.slice(end)];
  const own = paddings.slice(first, end);
  const flat = [tf.util.sizeFromShape(before), ...between, tf.util.sizeFromShape(after)];
  const none = [0, 0] as const;
  const stepPaddings = [none, ...own, none];
  const shared = backend.share(x, flat);
  const padded = runStock('PadV2', { x: shared }, { paddings: stepPaddings, constantValue });
  const grown = between.map((size, index) => size + own[index]![0] + own[index]![1]);
  const result = backend.share(padded, [...before, ...grown, ...after]);
  for (const tensor of [shared, padded]) backend.dispose(tensor);
  return result;
}
