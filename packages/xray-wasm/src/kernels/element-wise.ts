import * as tf from '@tensorflow/tfjs-core';
import { castTo, type KernelContext, type KernelFactory } from '../kernel-context.js';

/** Stock kernels of one number each, and the types they take; of others they leave their result as the memory was. */
export const UNARY_KERNELS: Readonly<Record<string, readonly tf.DataType[]>> = {
  ...tableOf(
    ['float32', 'int32'],
    ['Abs', 'Exp', 'Expm1', 'LeakyRelu', 'Neg', 'Relu', 'Relu6', 'Round', 'Selu'],
  ),
  ...tableOf(['float32', 'int32'], ['Sign', 'Softplus', 'Square', 'Step']),
  ...tableOf(['float32'], ['Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Log1p', 'Reciprocal', 'Sinh']),
  ...tableOf(['float32'], ['IsFinite', 'IsInf', 'IsNan']),
};

/** Results of these kernels have a type of their own. */
const HAS_OWN_TYPE = ['Exp', 'Expm1', 'LeakyRelu', 'IsFinite', 'IsInf', 'IsNan'];

/** A stock kernel of `UNARY_KERNELS`, given the float32 numbers of a type that it does not take. */
export const createUnary =
  (name: string): KernelFactory =>
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    if (UNARY_KERNELS[name]!.includes(x.dtype)) return context.runStock(name, { x }, attrs);
    const floats = castTo(context, x, 'float32');
    const result = context.runStock(name, { x: floats }, attrs);
    context.backend.dispose(floats);
    if (HAS_OWN_TYPE.includes(name)) return result;
    const own = context.backend.makeOutput(x.shape, x.dtype as 'int32' | 'bool');
    const values = context.backend.valuesOf(own);
    values.set(context.backend.valuesOf(result)); // cut off, as the cpu backend does
    if (x.dtype === 'bool') for (let at = 0; at < values.length; at++) values[at] = Math.min(values[at]!, 1);
    context.backend.dispose(result);
    return own;
  };

/** Stock kernels of two numbers each that return uninitialised memory beyond `MOST_AXES`. */
export const BINARY_KERNELS = [
  'Add',
  'Maximum',
  'Minimum',
  'Multiply',
  'RealDiv',
  'SquaredDifference',
  'Sub',
];
const MOST_AXES = 6;

export const createBinary =
  (name: string): KernelFactory =>
  (context) =>
  ({ inputs }) =>
    runBinary(context, name, inputs as unknown as { a: tf.TensorInfo; b: tf.TensorInfo });

/** A stock kernel of `BINARY_KERNELS`; of more axes it gets the numbers as one row. */
export function runBinary(
  context: KernelContext,
  name: string,
  { a, b }: { a: tf.TensorInfo; b: tf.TensorInfo },
): tf.TensorInfo {
  if (Math.max(a.shape.length, b.shape.length) <= MOST_AXES) return context.runStock(name, { a, b });
  const { backend } = context;
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const rows = [a, b].map((tensor) => asRow(context, tensor, shape)) as [tf.TensorInfo, tf.TensorInfo];
  const row = context.runStock(name, { a: rows[0], b: rows[1] });
  const result = backend.share(row, shape);
  for (const tensor of [...rows, row]) backend.dispose(tensor);
  return result;
}

/** The numbers, repeated to the shape, as one row. The caller owns it. */
function asRow(context: KernelContext, x: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo {
  const { backend } = context;
  const size = tf.util.sizeFromShape([...shape]);
  if (tf.util.sizeFromShape(x.shape) === size) return backend.share(x, [size]);
  const own = [...shape.slice(x.shape.length).map(() => 1), ...x.shape];
  const shared = backend.share(x, own);
  const reps = shape.map((length, axis) => (own[axis] === 1 ? length : 1));
  const repeated = context.runStock('Tile', { x: shared }, { reps });
  const row = backend.share(repeated, [size]);
  for (const tensor of [shared, repeated]) backend.dispose(tensor);
  return row;
}

/** `ClipByValue`: the stock kernel takes every number for a float32, and so writes past a bool tensor. */
export const createClipByValue: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x } = inputs as unknown as { x: tf.TensorInfo };
    if (x.dtype === 'float32') return context.runStock('ClipByValue', { x }, attrs);
    const { clipValueMin: least, clipValueMax: most } = attrs as unknown as {
      clipValueMin: number;
      clipValueMax: number;
    };
    const { backend } = context;
    const output = backend.makeOutput(x.shape, x.dtype as 'int32' | 'bool');
    const clipped = backend.valuesOf(x).map((value) => Math.min(Math.max(value, least), most));
    backend.valuesOf(output).set(clipped);
    return output;
  };

/** `Select`: the stock kernel takes numbers of a byte for numbers of four. */
export const createSelect: KernelFactory =
  (context) =>
  ({ inputs }) => {
    const { condition, t, e } = inputs as unknown as Record<'condition' | 't' | 'e', tf.TensorInfo>;
    if (t.dtype !== 'bool') return context.runStock('Select', { condition, t, e });
    const numbers = [t, e].map((tensor) => castTo(context, tensor, 'int32')) as [
      tf.TensorInfo,
      tf.TensorInfo,
    ];
    const chosen = context.runStock('Select', { condition, t: numbers[0], e: numbers[1] });
    const result = castTo(context, chosen, 'bool');
    for (const tensor of [...numbers, chosen]) context.backend.dispose(tensor);
    return result;
  };

function tableOf(types: tf.DataType[], names: string[]): Record<string, tf.DataType[]> {
  return Object.fromEntries(names.map((name) => [name, types]));
}
