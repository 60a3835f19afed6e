import * as tf from '@tensorflow/tfjs-core';
import {
  borrowChannelsLast,
  castTo,
  isEmptyTensor,
  type KernelContext,
  type KernelFactory,
} from '../kernel-context.js';

/** Numbers that the channels' parameters are repeated to, so that few channels make long inner loops too. */
const LEAST_PERIOD = 64;

/**
 * The forward kernel of `BATCH_NORM_TRAINING_KERNELS` in xray-core: normalization with the statistics of the batch, read
 * once for them and once for the result.
 */
export const createBatchNormTraining: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x, scale, offset } = inputs as unknown as {
      x: tf.TensorInfo;
      scale?: tf.TensorInfo | undefined;
      offset?: tf.TensorInfo | undefined;
    };
    const { epsilon } = attrs as unknown as { epsilon: number };
    const { backend, module, scratch } = context;
    const { rows, columns } = matrixOf(x);
    const outputs = [x.shape, [columns], [columns]].map((shape) => backend.makeOutput(shape));
    if (columns === 0) return outputs;
    const source = borrowChannelsLast(context, x, 'NHWC');
    const [output, mean, variance] = outputs.map((tensor) => backend.addressOf(tensor)) as Triple;
    const shift = scratch.reserve('workspace', columns * 4);
    module.columnMoments(backend.addressOf(source.tensor), mean, variance, shift, rows, columns);
    normalize(context, source.tensor, output, { mean, variance, scale, offset, epsilon });
    source.release();
    return outputs;
  };

/** The gradient kernel of `BATCH_NORM_TRAINING_KERNELS`: two passes over `x` and `dy`. */
export const createBatchNormTrainingGradient: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x, dy, mean, variance, scale } = inputs as unknown as {
      x: tf.TensorInfo;
      dy: tf.TensorInfo;
      mean: tf.TensorInfo;
      variance: tf.TensorInfo;
      scale?: tf.TensorInfo | undefined;
    };
    const { epsilon } = attrs as unknown as { epsilon: number };
    const { backend, module, scratch } = context;
    const { rows, columns } = matrixOf(x);
    const outputs = [x.shape, [columns], [columns]].map((shape) => backend.makeOutput(shape));
    if (columns === 0) return outputs;
    const source = borrowChannelsLast(context, x, 'NHWC');
    const gradient = borrowChannelsLast(context, dy, 'NHWC');
    const [inputGradient, scaleGradient, offsetGradient] = outputs.map((tensor) =>
      backend.addressOf(tensor),
    ) as Triple;
    const period = periodOf(columns);
    const statistics = [backend.addressOf(mean), backend.addressOf(variance)] as const;
    const pair = [backend.addressOf(source.tensor), backend.addressOf(gradient.tensor)] as const;
    module.normalizationSums(...pair, ...statistics, epsilon, scaleGradient, offsetGradient, rows, columns);
    module.normalizationGradient(
      ...pair,
      inputGradient,
      ...statistics,
      scale ? backend.addressOf(scale) : 0,
      ...[scaleGradient, offsetGradient, epsilon],
      ...[rows * columns, columns, period, scratch.reserve('workspace', 4 * period * 4)],
    );
    source.release();
    gradient.release();
    return outputs;
  };

/** `FusedBatchNorm` with parameters per channel; everything else is left to the stock kernel. */
export const createFusedBatchNorm: KernelFactory =
  (context) =>
  ({ inputs, attrs }) => {
    const { x, mean, variance, scale, offset } = inputs as unknown as {
      x: tf.TensorInfo;
      mean: tf.TensorInfo;
      variance: tf.TensorInfo;
      scale?: tf.TensorInfo | null | undefined;
      offset?: tf.TensorInfo | null | undefined;
    };
    const { varianceEpsilon } = attrs as unknown as { varianceEpsilon?: number | null | undefined };
    const channels = x.shape.at(-1);
    const isPerChannel = [mean, variance, scale, offset].every(
      (vector) =>
        !vector || (vector.dtype === 'float32' && vector.shape.length === 1 && vector.shape[0] === channels),
    );
    const { backend } = context;
    if (isEmptyTensor(x)) return backend.share(x, x.shape);
    if (!isPerChannel) return context.runStock('FusedBatchNorm', inputs, attrs);

    const source = borrowChannelsLast(context, x, 'NHWC');
    const output = backend.makeOutput(x.shape);
    normalize(context, source.tensor, backend.addressOf(output), {
      mean: backend.addressOf(mean),
      variance: backend.addressOf(variance),
      scale,
      offset,
      epsilon: varianceEpsilon ?? 0.001,
    });
    source.release();
    if (x.dtype === 'float32') return output;
    const result = castTo(context, output, x.dtype as 'int32' | 'bool');
    backend.dispose(output);
    return result;
  };

type Triple = [number, number, number];

interface Normalization {
  /** Addresses of `[channels]`. */
  readonly mean: number;
  readonly variance: number;
  readonly scale: tf.TensorInfo | null | undefined;
  readonly offset: tf.TensorInfo | null | undefined;
  readonly epsilon: number;
}

function normalize(
  { backend, module, scratch }: KernelContext,
  source: tf.TensorInfo,
  output: number,
  { mean, variance, scale, offset, epsilon }: Normalization,
): void {
  const { rows, columns } = matrixOf(source);
  const period = periodOf(columns);
  module.normalize(
    ...[backend.addressOf(source), output, mean, variance],
    ...[scale ? backend.addressOf(scale) : 0, offset ? backend.addressOf(offset) : 0, epsilon],
    ...[rows * columns, columns, period, scratch.reserve('workspace', 3 * period * 4)],
  );
}

/** The tensor as a matrix with one column per channel. */
function matrixOf({ shape }: tf.TensorInfo): { rows: number; columns: number } {
  return { rows: tf.util.sizeFromShape(shape.slice(0, -1)), columns: shape.at(-1)! };
}

/** A multiple of `columns` and of 4. */
function periodOf(columns: number): number {
  const whole = columns % 4 === 0 ? columns : 4 * columns;
  return whole * Math.max(1, Math.ceil(LEAST_PERIOD / whole));
}
