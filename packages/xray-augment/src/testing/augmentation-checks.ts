import * as tf from '@tensorflow/tfjs-core';
import { type Augmentation, type Batch, createRandom, XrayError } from 'xray-core';

/** One promise of the `Augmentation` contract. */
export interface AugmentationCheck {
  /** A sentence for the test's name. */
  readonly name: string;
  /** Throws an error that says what was broken. Needs a TensorFlow.js backend. */
  readonly check: (augmentation: Augmentation) => void;
}

/**
 * The conformance suite that every augmentation passes, for any test runner. One that does the same to every image, such
 * as `histogramEqualization`, passes it with a `probability` between 0 and 1: otherwise no draw differs from another.
 *
 * @example
 * for (const { name, check } of augmentationChecks) it(name, () => check(horizontalFlip()));
 */
export const augmentationChecks: readonly AugmentationCheck[] = [
  { name: 'keeps shapes, types, ids and the range [0, 1]', check: keepsTheForm },
  { name: 'leaves the given batch as it was', check: leavesTheInput },
  { name: 'gives new tensors and leaks none', check: ownsItsResult },
  { name: 'repeats itself for the same seed and epoch', check: repeatsItself },
  { name: 'draws anew for another seed or epoch', check: drawsAnew },
  { name: 'treats a sample alike in any batch and at any place', check: ignoresThePlace },
];

const FORMS = [
  { count: 5, height: 9, width: 12, channels: 1 },
  { count: 3, height: 8, width: 8, channels: 3 },
  { count: 1, height: 16, width: 6, channels: 1 },
];

function keepsTheForm(augmentation: Augmentation): void {
  for (const form of FORMS) {
    using(sampleBatch(form), (batch) => {
      using(augmentation(batch, { seed: 1, epoch: 0 }), ({ images, labels, ids }) => {
        expectSame('images.shape', images.shape, batch.images.shape);
        expectSame('labels.shape', labels.shape, batch.labels.shape);
        expectSame('dtypes', [images.dtype, labels.dtype], ['float32', 'float32']);
        expectSame('ids', ids, batch.ids);
        const pixels = images.dataSync();
        const outside = pixels.find((value) => !(value >= 0 && value <= 1));
        expectSame('pixels outside [0, 1]', outside, undefined);
        const sums = Array.from(tf.tidy(() => tf.sum(labels, 1).dataSync()));
        expectSame(
          'label rows that do not sum to 1',
          sums.find((sum) => Math.abs(sum - 1) > 1e-6),
          undefined,
        );
      });
    });
  }
}

function leavesTheInput(augmentation: Augmentation): void {
  using(sampleBatch(FORMS[0]!), (batch) => {
    const before = content(batch);
    using(augmentation(batch, { seed: 1, epoch: 0 }), () => {});
    expectSame('the given batch after the call', content(batch), before);
  });
}

function ownsItsResult(augmentation: Augmentation): void {
  using(sampleBatch(FORMS[0]!), (batch) => {
    const before = tf.memory().numTensors;
    const result = augmentation(batch, { seed: 1, epoch: 0 });
    expectSame('new tensors while the result lives', tf.memory().numTensors - before, 2);
    tf.dispose([result.images, result.labels]);
    expectSame('tensors left over', tf.memory().numTensors - before, 0);
  });
}

function repeatsItself(augmentation: Augmentation): void {
  using(sampleBatch(FORMS[0]!), (batch) => {
    const draw = { seed: 11, epoch: 4 };
    expectSame(
      'the second result',
      augmented(augmentation, batch, draw),
      augmented(augmentation, batch, draw),
    );
  });
}

function drawsAnew(augmentation: Augmentation): void {
  using(sampleBatch({ count: 32, height: 8, width: 8, channels: 1 }), (batch) => {
    const first = JSON.stringify(augmented(augmentation, batch, { seed: 1, epoch: 0 }));
    for (const draw of [
      { seed: 1, epoch: 1 },
      { seed: 2, epoch: 0 },
    ]) {
      const other = JSON.stringify(augmented(augmentation, batch, draw));
      expectSame(`same result as seed 1, epoch 0 with ${JSON.stringify(draw)}`, other === first, false);
    }
  });
}

function ignoresThePlace(augmentation: Augmentation): void {
  using(sampleBatch(FORMS[0]!), (batch) => {
    const draw = { seed: 5, epoch: 2 };
    const whole = augmented(augmentation, batch, draw);
    const order = [3, 0, 4];
    const part: Batch = {
      images: tf.gather(batch.images, order),
      labels: tf.gather(batch.labels, order),
      ids: order.map((index) => batch.ids[index]!),
    };
    using(part, () => {
      const result = augmented(augmentation, part, draw);
      expectSame(
        'images of a part in another order',
        result.images,
        order.map((index) => whole.images[index]),
      );
    });
  });
}

function sampleBatch(form: { count: number; height: number; width: number; channels: number }): Batch {
  const { count, height, width, channels } = form;
  const random = createRandom(3);
  const pixels = Float32Array.from({ length: count * height * width * channels }, () => random.uniform());
  return {
    images: tf.tensor4d(pixels, [count, height, width, channels]),
    labels: tf.tidy(() => {
      const indices = tf.tensor1d(
        Array.from({ length: count }, (_, index) => index % 2),
        'int32',
      );
      return tf.cast(tf.oneHot(indices, 2), 'float32') as tf.Tensor2D;
    }),
    ids: Array.from({ length: count }, (_, index) => `image-${index}`),
  };
}

function content({ images, labels, ids }: Batch) {
  return { images: images.arraySync(), labels: labels.arraySync(), ids: [...ids] };
}

function augmented(augmentation: Augmentation, batch: Batch, draw: { seed: number; epoch: number }) {
  return using(augmentation(batch, draw), content);
}

/** Runs `body` and disposes the batch's tensors, whatever happens. */
function using<T>(batch: Batch, body: (batch: Batch) => T): T {
  try {
    return body(batch);
  } finally {
    tf.dispose([batch.images, batch.labels]);
  }
}

function expectSame(what: string, received: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(received), JSON.stringify(expected)];
  if (left !== right) {
    const clip = (text: string | undefined) => String(text).slice(0, 200);
    throw new XrayError(
      'augmentation-contract',
      `${what}: expected ${clip(right)}, received ${clip(left)}. See \`Augmentation\` in xray-core.`,
    );
  }
}
