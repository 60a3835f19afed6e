import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from 'xray-core';

/** PyTorch adds it to the norm. */
const EPSILON = 1e-6;

/**
 * Shortens gradients to a largest length, all by the same factor, as PyTorch's `clip_grad_norm_` does: their direction
 * stays. Shorter ones come back unchanged.
 *
 * @param gradients - Disposed.
 * @param maxNorm - Largest length of all gradients taken as one vector, above 0.
 * @returns As many tensors of the same shapes; the caller disposes them.
 *
 * @see Pascanu et al. 2012, https://arxiv.org/abs/1211.5063, algorithm 1
 */
export function clipGradients(gradients: readonly tf.Tensor[], maxNorm: number): tf.Tensor[] {
  const clipped = tf.tidy(() => {
    const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
    const norm = tf.sqrt(tf.addN(squares));
    const factor = tf.minimum(tf.div(maxNorm, tf.add(norm, EPSILON)), 1);
    return gradients.map((gradient) => tf.mul(gradient, factor));
  });
  tf.dispose([...gradients]);
  return clipped;
}

/** @internal Checks the option once, before training starts. */
export function checkClipNorm(clipNorm: number | undefined): void {
  if (clipNorm === undefined || (clipNorm > 0 && Number.isFinite(clipNorm))) return;
  throw new InvalidArgumentError({
    argument: 'clipNorm',
    expected: 'a positive number, usually 0.5 to 10',
    received: clipNorm,
  });
}
