// A generator of random computations for every kernel that does what one of TensorFlow.js does: all types, many axes,
// axes without values.
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from 'xray-core';
import { randomValues } from './backends.js';

export type NumberType = 'float32' | 'int32' | 'bool';
/** What is computed on both backends. */
export type Compute = () => tf.Tensor | tf.Tensor[];
type Case = [description: unknown, compute: Compute];
export type Cases = Record<string, (random: Random) => Case>;

const TYPES = ['float32', 'int32', 'bool'] as const;
const pick = <T>(random: Random, values: readonly T[]): T => values[random.integer(0, values.length)]!;
const sizesOf = (random: Random, least: number, most: number) =>
  Array.from({ length: random.integer(least, most + 1) }, () =>
    random.uniform(0, 1) < 0.1 ? 0 : random.integer(1, 4),
  );
const axesOf = (random: Random, rank: number) =>
  Array.from({ length: rank }, (_, axis) => (random.integer(0, 2) ? axis : axis - rank)).filter(() =>
    random.integer(0, 2),
  );

/** Makes the same tensor on whichever backend is current. */
function given(random: Random, shape: number[], dtype: tf.DataType = 'float32'): () => tf.Tensor {
  const values = Array.from(randomValues(random, shape), (value) => {
    if (dtype === 'string') return 'abc'.slice(0, Math.abs(value * 3.99));
    if (dtype === 'bool') return value > 0 ? 1 : 0;
    return dtype === 'int32' ? Math.trunc(value * 300) : value;
  });
  return () => tf.tensor(values as number[], shape, dtype);
}

/** With as many axes or fewer, some of one value. */
const broadcastable = (random: Random, shape: number[]) =>
  shape.slice(random.integer(0, shape.length + 1)).map((size) => (random.integer(0, 3) ? size : 1));

const unary = (compute: (x: tf.Tensor) => tf.Tensor, types: readonly NumberType[] = TYPES) =>
  ((random) => {
    const shape = sizesOf(random, 0, 6);
    const dtype = pick(random, types);
    const x = given(random, shape, dtype);
    return [{ shape, dtype }, () => compute(x())];
  }) satisfies Cases[string];

const binary = (
  compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  types: NumberType[] = ['float32', 'int32'],
) =>
  ((random) => {
    const shape = sizesOf(random, 0, 8);
    const dtype = pick(random, types);
    const shapes = [shape, broadcastable(random, shape)];
    if (random.integer(0, 2)) shapes.reverse();
    const [a, b] = shapes.map((own) => given(random, own, dtype));
    return [{ shapes, dtype }, () => compute(a!(), b!())];
  }) satisfies Cases[string];

const pooling = (compute: (x: tf.Tensor4D, ...settings: PoolSettings) => tf.Tensor) =>
  ((random) => {
    const shape = [random.integer(0, 3), ...[0, 1, 2].map(() => random.integer(3, 7))];
    const explicit = [
      [0, 0],
      [random.integer(0, 4), 1],
      [2, random.integer(0, 4)],
      [0, 0],
    ];
    const settings: PoolSettings = [
      pick(random, [1, 2, 3, [2, 3]]) as number,
      pick(random, [1, 2, [1, 3]]) as number,
      pick(random, ['same', 'valid', 1, 2, explicit]) as number,
    ];
    const x = given(random, shape, pick(random, ['float32', 'int32']));
    return [{ shape, settings }, () => compute(x() as tf.Tensor4D, ...settings)];
  }) satisfies Cases[string];
type PoolSettings = [window: number, strides: number, pad: number];

const convolution = (
  depthwise: boolean,
  compute: (x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D) => tf.Tensor,
) =>
  ((random) => {
    const channels = random.integer(0, 4);
    const shape = [random.integer(0, 3), random.integer(3, 7), random.integer(3, 7), channels];
    const filterShape = [random.integer(1, 4), random.integer(1, 4), channels, 2];
    const [x, filter] = [given(random, shape), given(random, filterShape)];
    const bias = given(random, [depthwise ? channels * 2 : 2]);
    const run = () => compute(x() as tf.Tensor4D, filter() as tf.Tensor4D, bias() as tf.Tensor1D);
    return [{ shape, filterShape }, run];
  }) satisfies Cases[string];

const reduction = (
  compute: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor,
  dtypes: readonly NumberType[],
) =>
  ((random) => {
    const shape = sizesOf(random, 1, 7).map((size) => Math.max(1, size));
    const axes = axesOf(random, shape.length);
    const dtype = pick(random, dtypes);
    const x = given(random, shape, dtype);
    return [{ shape, axes, dtype }, () => compute(x(), axes, axes.length === 1)];
  }) satisfies Cases[string];

const FLOATS = ['float32', 'int32'] as const;
export const CASES: Cases = {
  ...Object.fromEntries(
    (
      [
        'abs',
        'exp',
        'neg',
        'relu',
        'relu6',
        'round',
        'selu',
        'sign',
        'softplus',
        'square',
        'step',
        'leakyRelu',
      ] as const
    ).map((name) => [name, unary((x) => tf[name](x))]),
  ),
  ...Object.fromEntries(
    (
      [
        'acos',
        'acosh',
        'asin',
        'asinh',
        'atan',
        'atanh',
        'log1p',
        'reciprocal',
        'isNaN',
        'isInf',
        'isFinite',
      ] as const
    ).map((name) => [name, unary((x) => tf[name](x))]),
  ),
  expm1: unary((x) => tf.expm1(x), ['float32']),
  sinh: unary((x) => tf.sinh(tf.div(x, 300)), FLOATS),
  clipByValue: unary((x) => tf.clipByValue(x, -1, 1)),
  ...Object.fromEntries(
    (['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'squaredDifference'] as const).map((name) => [
      name,
      binary((a, b) => tf[name](a, b)),
    ]),
  ),
  logicalAnd: binary((a, b) => tf.logicalAnd(a, b), ['bool']),
  prelu: binary((x, alpha) => tf.prelu(x, alpha)),
  where: binary((a, b) => tf.where(tf.greater(tf.cast(a, 'int32'), 0), a, b), ['float32', 'int32', 'bool']),
  sum: reduction((x, axes, keep) => tf.sum(x, axes, keep), TYPES),
  mean: reduction((x, axes, keep) => tf.mean(x, axes, keep), TYPES),
  prod: reduction((x, axes, keep) => tf.prod(tf.clipByValue(x, -1, 1), axes, keep), FLOATS),
  max: reduction((x, axes, keep) => tf.max(x, axes, keep), FLOATS),
  min: reduction((x, axes, keep) => tf.min(x, axes, keep), FLOATS),
  all: reduction((x, axes, keep) => tf.all(x, axes, keep), ['bool']),
  any: reduction((x, axes, keep) => tf.any(x, axes, keep), ['bool']),
  argMax: reduction((x, [axis = 0]) => tf.argMax(x, axis), FLOATS),
  argMin: reduction((x, [axis = 0]) => tf.argMin(x, axis), FLOATS),
  cumsum: unary((x) => tf.cumsum(tf.expandDims(x), x.rank)),
  cumprod: unary((x) => tf.cumprod(tf.expandDims(x), 0)),
  cast: (random) => {
    const [from, to] = [pick(random, TYPES), pick(random, TYPES)];
    const shape = sizesOf(random, 0, 7);
    const x = given(random, shape, from);
    return [{ shape, from, to }, () => tf.cast(x(), to)];
  },
  concat: (random) => {
    const shape = sizesOf(random, 1, 7);
    const axis = random.integer(0, shape.length);
    const dtype = pick(random, [...TYPES, 'string'] as const);
    const parts = [0, 1, 2].map(() => given(random, shape.with(axis, random.integer(0, 3)), dtype));
    return [
      { shape, axis, dtype },
      () =>
        tf.concat(
          parts.map((part) => part()),
          axis,
        ),
    ];
  },
  pad: (random) => {
    const shape = sizesOf(random, 1, 8);
    const paddings = shape.map(() => [random.integer(0, 2), random.integer(0, 3)] as [number, number]);
    const x = given(random, shape, pick(random, TYPES));
    return [{ shape, paddings }, () => tf.pad(x(), paddings, 1)];
  },
  slice: (random) => {
    const shape = sizesOf(random, 1, 6);
    const begin = shape.map((size) => random.integer(0, size + 1));
    const size = shape.map((length, axis) =>
      random.integer(0, 3) ? random.integer(0, length - begin[axis]! + 1) : -1,
    );
    const x = given(random, shape, pick(random, [...TYPES, 'string'] as const));
    return [{ shape, begin, size }, () => tf.slice(x(), begin, size)];
  },
  tile: (random) => {
    const shape = sizesOf(random, 1, 7);
    const repetitions = shape.map(() => random.integer(0, 3));
    const dtype = pick(random, [...TYPES, 'string'] as const);
    const x = given(random, shape, dtype);
    return [{ shape, repetitions, dtype }, () => tf.tile(x(), repetitions)];
  },
  transpose: unary((x) => tf.transpose(x)),
  reverse: (random) => {
    const shape = sizesOf(random, 0, 7);
    const axes = axesOf(random, shape.length);
    const x = given(random, shape, pick(random, TYPES));
    return [{ shape, axes }, () => tf.reverse(x(), axes)];
  },
  gather: (random) => {
    const shape = sizesOf(random, 1, 5);
    const axis = random.integer(0, shape.length);
    const indices = shape[axis] ? [shape[axis]! - 1, 0] : [];
    const x = given(random, shape, pick(random, TYPES));
    return [{ shape, axis }, () => tf.gather(x(), tf.tensor1d(indices, 'int32'), axis)];
  },
  oneHot: (random) => {
    const dtype = pick(random, TYPES);
    const shape = sizesOf(random, 0, 4);
    const x = given(random, shape, 'bool');
    return [{ shape, dtype }, () => tf.oneHot(tf.cast(x(), 'int32'), 3, 1, 0, dtype)];
  },
  matMul: (random) => {
    const [rows, depth, columns] = [0, 1, 2].map(() => random.integer(0, 5)) as [number, number, number];
    const [transposeA, transposeB] = [random.integer(0, 2) > 0, random.integer(0, 2) > 0];
    const batch = pick(random, [[], [1], [3]]);
    const dtype = pick(random, ['float32', 'int32', 'int32'] as const);
    const a = given(random, [...batch, ...(transposeA ? [depth, rows] : [rows, depth])], dtype);
    const b = given(random, transposeB ? [columns, depth] : [depth, columns], dtype);
    return [
      { batch, rows, depth, columns, transposeA, transposeB, dtype },
      () => tf.matMul(a(), b(), transposeA, transposeB),
    ];
  },
  fusedMatMul: (random) => {
    const [rows, depth, columns] = [0, 1, 2].map(() => random.integer(1, 5)) as [number, number, number];
    const [transposeA, transposeB] = [random.integer(0, 2) > 0, random.integer(0, 2) > 0];
    const a = given(random, transposeA ? [depth, rows] : [rows, depth]);
    const b = given(random, transposeB ? [columns, depth] : [depth, columns]);
    const bias = given(random, pick(random, [[], [columns], [1, columns]]));
    const activation = pick(random, ['linear', 'relu', 'relu6', 'elu', 'sigmoid'] as const);
    const compute = () =>
      tf.fused.matMul({ a: a(), b: b(), transposeA, transposeB, bias: bias(), activation });
    return [{ rows, depth, columns, transposeA, transposeB, activation }, compute];
  },
  confusionMatrix: (random) => {
    const [labels, predictions] = [0, 1].map(() => Array.from({ length: 9 }, () => random.integer(0, 3)));
    const vector = (values: number[] | undefined) => tf.tensor1d(values!, 'int32');
    return [{ labels, predictions }, () => tf.math.confusionMatrix(vector(labels), vector(predictions), 3)];
  },
  batchNorm: (random) => {
    const shape = [...sizesOf(random, 1, 3), random.integer(0, 6)];
    const x = given(random, shape, pick(random, FLOATS));
    const [mean, variance, offset, scale] = [0, 1, 2, 3].map(() => given(random, shape.slice(-1)));
    return [
      { shape },
      () =>
        tf.batchNorm(
          x(),
          mean!() as tf.Tensor1D,
          tf.abs(variance!()) as tf.Tensor1D,
          offset!() as tf.Tensor1D,
          scale!() as tf.Tensor1D,
          0.01,
        ),
    ];
  },
  segmentSum: (random) => {
    const shape = sizesOf(random, 1, 3);
    const segments = Array.from({ length: shape[0]! }, () => random.integer(-1, 4));
    const x = given(random, shape, pick(random, FLOATS));
    return [{ shape, segments }, () => tf.unsortedSegmentSum(x(), tf.tensor1d(segments, 'int32'), 3)];
  },
  maxPool: pooling((x, window, strides, pad) => tf.maxPool(x, window, strides, pad)),
  avgPool: pooling((x, window, strides, pad) => tf.avgPool(tf.cast(x, 'float32'), window, strides, pad)),
  maxPoolGrad: pooling((x, window, strides, pad) =>
    tf.grad((values) => tf.sum(tf.maxPool(values as tf.Tensor4D, window, strides, pad)))(
      tf.cast(x, 'float32'),
    ),
  ),
  conv2d: convolution(false, (x, filter) => tf.conv2d(x, filter, 1, 1)),
  fusedConv2d: convolution(false, (x, filter, bias) =>
    tf.fused.conv2d({ x, filter, strides: 2, pad: 'same', bias, activation: 'relu' }),
  ),
  depthwiseConv2d: convolution(true, (x, filter) => tf.depthwiseConv2d(x, filter, 1, 'same')),
  fusedDepthwiseConv2d: convolution(true, (x, filter, bias) =>
    tf.fused.depthwiseConv2d({ x, filter, strides: 1, pad: 1, bias, activation: 'relu6' }),
  ),
};

