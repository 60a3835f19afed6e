import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from 'xray-core';

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions {
  /** Weight of every class by label, for example from `balancedClassWeights`. @default all 1 */
  classWeights?: readonly number[] | undefined;
  /** Share of the label spread evenly over all classes, in `[0, 1)`. @default 0 */
  labelSmoothing?: number | undefined;
}

/** Keras' `epsilon()`: keeps the logarithm finite. */
const PROBABILITY_EPSILON = 1e-7;

/**
 * Categorical cross-entropy of each image: `-w(y) * sum(y' * log(p))`, with `p` clipped to
 * `[1e-7, 1 - 1e-7]` as in Keras, `y'` the smoothed label and `w(y)` the label's class weight (for mixed labels
 * their weighted mean). Works on every training path, unlike tfjs' class weights.
 *
 * @param labels - float32 `[batch, classes]`, rows sum to 1.
 * @param probabilities - float32 `[batch, classes]`, in `[0, 1]`, rows sum to 1.
 * @returns float32 `[batch]`, at least 0; NaN where a probability is NaN.
 *
 * @see Szegedy et al. 2015, https://arxiv.org/abs/1512.00567, section 7 (label smoothing)
 */
export function crossEntropy(
  labels: tf.Tensor2D,
  probabilities: tf.Tensor2D,
  options: CrossEntropyOptions = {},
): tf.Tensor1D {
  const { classWeights, labelSmoothing = 0 } = options;
  return tf.tidy(() => {
    const classes = labels.shape[1];
    const clipped = tf.clipByValue(probabilities, PROBABILITY_EPSILON, 1 - PROBABILITY_EPSILON);
    const smoothed =
      labelSmoothing === 0 ? labels : tf.add(tf.mul(labels, 1 - labelSmoothing), labelSmoothing / classes);
    // The clip of some backends turns NaN into a number: this puts it back.
    const poison = tf.mul(tf.sum(probabilities, 1), 0);
    const losses = tf.add(tf.neg(tf.sum(tf.mul(smoothed, tf.log(clipped)), 1)), poison);
    if (classWeights === undefined) return losses as tf.Tensor1D;
    const weights = tf.sum(tf.mul(labels, tf.tensor2d([...classWeights], [1, classes])), 1);
    return tf.mul(losses, weights) as tf.Tensor1D;
  });
}

/** @internal Checks the options once, before training starts. */
export function checkCrossEntropyOptions(options: CrossEntropyOptions, classes: number): void {
  const { classWeights, labelSmoothing = 0 } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
    throw new InvalidArgumentError({
      argument: 'labelSmoothing',
      expected: 'a share in [0, 1)',
      received: labelSmoothing,
    });
  }
  if (
    classWeights !== undefined &&
    !(
      classWeights.length === classes &&
      classWeights.every((weight) => weight >= 0 && Number.isFinite(weight))
    )
  ) {
    throw new InvalidArgumentError({
      argument: 'classWeights',
      expected: `${classes} finite weights of at least 0, one per class`,
      received: classWeights,
    });
  }
}
