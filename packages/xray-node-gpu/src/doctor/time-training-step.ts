import * as tf from '@tensorflow/tfjs-core';

const BATCH = 8;
const SIZE = 48;
const FILTERS = [8, 16, 32];
const MOST_STEPS = 20;
/** Slow devices are known after fewer steps. */
const ENOUGH_MILLISECONDS = 1000;

/**
 * Times a fixed training step on the active device: three 3x3 convolutions with ReLU and max pooling, a dense layer,
 * cross-entropy and plain gradient descent on 8 images of 48x48x3. Made of ops alone, the same on every device.
 *
 * @returns Images per second of the median of at most twenty steps within a second, after one to warm up.
 */
export async function timeTrainingStep(): Promise<number> {
  await import('@tensorflow/tfjs-layers'); // registers the gradients
  const channels = [3, ...FILTERS];
  const filters = FILTERS.map((count, index) =>
    tf.variable(tf.randomNormal([3, 3, channels[index]!, count], 0, 0.1, 'float32', index) as tf.Tensor4D),
  );
  const side = SIZE / 2 ** FILTERS.length;
  const dense = tf.variable(
    tf.randomNormal<tf.Rank.R2>([side * side * FILTERS.at(-1)!, 2], 0, 0.01, 'float32', 9),
  );
  const images = tf.randomUniform<tf.Rank.R4>([BATCH, SIZE, SIZE, 3], 0, 1, 'float32', 7);
  const labels = tf.oneHot(
    Array.from({ length: BATCH }, (_, index) => index % 2),
    2,
  );
  const loss = () => {
    const features = filters.reduce<tf.Tensor4D>(
      (x, filter) => tf.maxPool(tf.relu(tf.conv2d(x, filter, 1, 'same')), 2, 2, 'valid'),
      images,
    );
    const logits = tf.matMul(tf.reshape(features, [BATCH, -1]), dense);
    return tf.neg(tf.mean(tf.sum(tf.mul(labels, tf.logSoftmax(logits)), 1))) as tf.Scalar;
  };
  const variables = [...filters, dense];
  const times: number[] = [];
  let spent = 0;
  for (let step = 0; step <= MOST_STEPS && spent < ENOUGH_MILLISECONDS; step++) {
    const start = performance.now();
    const { value, grads } = tf.variableGrads(loss, variables);
    tf.tidy(() => {
      for (const variable of variables)
        variable.assign(tf.sub(variable, tf.mul(grads[variable.name]!, 1e-3)));
    });
    await value.data();
    await dense.data();
    tf.dispose([value, grads]);
    if (step === 0) continue;
    const took = performance.now() - start;
    times.push(took);
    spent += took;
  }
  tf.dispose([...variables, images, labels]);
  times.sort((left, right) => left - right);
  return (BATCH * 1000) / times[times.length >> 1]!;
}
