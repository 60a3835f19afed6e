import * as tf from '@tensorflow/tfjs-core';
import { BATCH_NORM_TRAINING_KERNELS } from 'xray-core';

const { forward: FORWARD, gradient: GRADIENT } = BATCH_NORM_TRAINING_KERNELS;

/** Parameters of a batch normalization. */
export interface Normalization {
  /** `[channels]`; 1 where absent. */
  readonly scale: tf.Tensor | undefined;
  /** `[channels]`; 0 where absent. */
  readonly offset: tf.Tensor | undefined;
  readonly epsilon: number;
}

/** A batch with mean 0 and variance 1 per channel, scaled and moved; and the statistics it had. */
export interface NormalizedBatch {
  readonly y: tf.Tensor;
  /** `[channels]` */
  readonly mean: tf.Tensor;
  /** `[channels]`, of the population. */
  readonly variance: tf.Tensor;
}

/** Normalises over all axes but the last, by the backend's own kernels where it has them. Differentiable. */
export function normalizeBatch(x: tf.Tensor, parameters: Normalization): NormalizedBatch {
  return tf.getKernel(FORWARD, tf.getBackend()) ? byKernel(x, parameters) : byOps(x, parameters);
}

function byKernel(x: tf.Tensor, { scale, offset, epsilon }: Normalization): NormalizedBatch {
  if (!tf.getGradient(FORWARD)) tf.registerGradient(GRADIENT_CONFIG);
  // The tape cannot save an input that is absent.
  const inputs = { x, scale: scale ?? tf.ones([x.shape.at(-1)!]), ...(offset ? { offset } : {}) };
  const outputs = tf.engine().runKernel(FORWARD, inputs, { epsilon }) as tf.Tensor[];
  const [y, mean, variance] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor];
  return { y, mean, variance };
}

function byOps(x: tf.Tensor, { scale, offset, epsilon }: Normalization): NormalizedBatch {
  const { mean, variance } = tf.moments(
    x,
    x.shape.slice(0, -1).map((_, axis) => axis),
  );
  let y: tf.Tensor = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
  if (scale) y = tf.mul(y, scale);
  if (offset) y = tf.add(y, offset);
  return { y, mean, variance };
}

/** The kernel's name is ours alone, so registering its gradient changes nothing for others. */
const GRADIENT_CONFIG: tf.GradConfig = {
  kernelName: FORWARD,
  inputsToSave: ['x', 'scale'],
  outputsToSave: [false, true, true],
  gradFunc(dys, saved, attributes) {
    const [x, scale, mean, variance] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const dy = (dys as tf.Tensor[])[0]!; // the statistics only move the averages: no gradient comes through them
    const inputs = { x, dy, mean, variance, scale };
    const outputs = tf.engine().runKernel(GRADIENT, inputs, attributes as unknown as tf.NamedAttrMap);
    const [dx, dScale, dOffset] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor];
    return { x: () => dx, scale: () => dScale, offset: () => dOffset };
  },
};
